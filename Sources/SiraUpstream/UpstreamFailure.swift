import NIOCore
import NIOPosix
import NIOSSL
import SiraCore
import SiraWire

/// Turns what goes wrong on a connection into errors that a caller can act on.
enum UpstreamFailure {
    /// A connection that could not be made, or that broke before the answer began.
    ///
    /// - Parameter isProxied: whether the connection was to go through a proxy, which may be what is at fault.
    static func unreachable(
        _ error: any Error,
        endpoint: Endpoint? = nil,
        isProxied: Bool = false
    ) -> GatewayError {
        let place = (endpoint.map { " at \($0.authority)" } ?? "") + (isProxied ? ", behind a proxy," : "")
        let reason =
            switch error {
            case is ChannelError where isConnectTimeout(error): "it did not accept the connection in time"
            case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
                "the TLS handshake failed: \(error). Check its certificate and the system's certificate authorities"
            case let error as IOError: "\(error.localizedReason)"
            case let error as NIOConnectionError: connectionReason(error)
            case let error as ProxyError: error.description
            default: "\(error)"
            }
        let code: ErrorCode = isConnectTimeout(error) ? .upstreamTimeout : .upstreamUnreachable
        return GatewayError(code, "The provider\(place) could not be reached: \(reason).")
    }

    /// A connection that broke in the middle of an answer.
    static func interrupted(_ error: any Error) -> GatewayError {
        GatewayError(
            .upstreamInterrupted,
            "The connection to the provider broke in the middle of its answer (\(error))."
        )
    }

    private static func isConnectTimeout(_ error: any Error) -> Bool {
        if case .connectTimeout? = error as? ChannelError { return true }
        guard let error = error as? NIOConnectionError else { return false }
        return !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { isConnectTimeout($0.error) }
    }

    private static func connectionReason(_ error: NIOConnectionError) -> String {
        if let last = error.connectionErrors.last {
            return (last.error as? IOError)?.localizedReason ?? "\(last.error)"
        }
        return "its name \(error.host) could not be resolved"
    }
}

extension IOError {
    /// The system's words for the error number, without the name of the system call.
    fileprivate var localizedReason: String {
        switch errnoCode {
        case 111: "connection refused"
        case 104: "connection reset"
        case 113: "no route to host"
        case 101: "network unreachable"
        default: description
        }
    }
}
