import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL
import SiraCore
import SiraWire

/// Turns what goes wrong on a connection into errors that a caller can act on.
///
/// Callers are told the provider's name and the kind of trouble. Addresses and the words of libraries are for the
/// operator, so they are the error's detail.
enum UpstreamFailure {
    /// A connection that could not be made.
    ///
    /// - Parameter isProxied: whether it was to go through a proxy, which may be what is at fault.
    static func unreachable(
        _ error: any Error,
        _ request: UpstreamRequest,
        isProxied: Bool = false
    ) -> GatewayError {
        let reason =
            switch error {
            case _ where isConnectTimeout(error): "it did not accept the connection in time"
            case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: "the TLS handshake failed"
            case let error as IOError: error.words
            case let error as NIOConnectionError: words(for: error)
            case let error as ProxyError: error.description
            case is AddressRefusal: "where it is may not be asked"
            default: "the connection could not be made"
            }
        let way = isProxied ? ", behind a proxy," : ""
        let code: ErrorCode = isConnectTimeout(error) ? .upstreamTimeout : .upstreamUnreachable
        var failure = GatewayError(code, "\(request.providerTitle)\(way) could not be reached: \(reason).")
        failure.mayHaveBeenSent = false
        failure.detail = "\(request.endpoint.authority): \(error)"
        return failure
    }

    /// A connection, or a stream of one, that broke.
    ///
    /// - Parameters:
    ///   - error: nil when it was closed without a word.
    ///   - hasBegun: whether the answer's head had come.
    static func lost(_ error: (any Error)?, _ request: UpstreamRequest, hasBegun: Bool = false) -> GatewayError {
        let reason =
            switch error {
            case let error as NIOHTTP2Errors.StreamClosed: words(for: error.errorCode)
            case let error as IOError: error.words
            default: "the connection was closed"
            }
        let title = request.providerTitle
        var failure =
            hasBegun
            ? GatewayError(.upstreamInterrupted, "\(title) broke off in the middle of its answer: \(reason).")
            : GatewayError(.upstreamUnreachable, "\(title) broke off before it answered: \(reason). Try again.")
        failure.detail = request.endpoint.authority + (error.map { ": \($0)" } ?? ": closed")
        return failure
    }

    /// An answer that breaks the rules of HTTP.
    static func invalid(_ what: String, _ request: UpstreamRequest, detail: String? = nil) -> GatewayError {
        var failure = GatewayError(.upstreamProtocol, "\(request.providerTitle) sent an answer that \(what).")
        failure.detail = request.endpoint.authority + (detail.map { ": \($0)" } ?? "")
        return failure
    }

    /// An answer, or a part of it, that took too long.
    static func late(_ what: String, _ request: UpstreamRequest) -> GatewayError {
        var failure = GatewayError(.upstreamTimeout, "\(request.providerTitle) \(what).")
        failure.detail = request.endpoint.authority
        return failure
    }

    private static func isConnectTimeout(_ error: any Error) -> Bool {
        if case .connectTimeout? = error as? ChannelError { return true }
        guard let error = error as? NIOConnectionError else { return false }
        return !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { isConnectTimeout($0.error) }
    }

    private static func words(for error: NIOConnectionError) -> String {
        guard let last = error.connectionErrors.last else { return "its name could not be resolved" }
        return (last.error as? IOError)?.words ?? "the connection could not be made"
    }

    /// RFC 9113, section 7.
    private static func words(for code: HTTP2ErrorCode) -> String {
        switch code {
        case .noError, .cancel: "it gave the request up"
        case .refusedStream: "it refused to take the request"
        case .enhanceYourCalm: "it says that it gets too many requests"
        case .internalError: "it reports an internal error"
        case .connectError: "it could not reach what is behind it"
        default: "it reports an error of the HTTP/2 protocol"
        }
    }
}

extension UpstreamRequest {
    /// How a sentence about the provider begins.
    fileprivate var providerTitle: String { provider.isEmpty ? "The provider" : "The provider \(provider)" }
}

extension IOError {
    /// The system's words for the error number, without the name of the system call.
    fileprivate var words: String {
        switch errnoCode {
        case 111: "connection refused"
        case 104: "connection reset"
        case 113: "no route to host"
        case 101: "network unreachable"
        case 110: "the connection timed out"
        case 32: "the connection was closed"
        default: "the connection failed"
        }
    }
}
