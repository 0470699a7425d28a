import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

extension Pipeline {
    /// That an answer about things that are kept is none, who gave it and what it is instead.
    static func unlikely(
        _ status: Int,
        _ headers: HeaderFields,
        _ body: ByteBuffer,
        from deployment: Deployment,
        _ indexer: JSONIndexer
    ) -> GatewayError {
        let what: String
        do {
            what = try body.withUnsafeReadableBytes { bytes in
                try indexer.read(bytes, limits: .answer) { _ in "JSON of another form" }
            }
        } catch {
            what = (error as? JSONError).map { "no JSON: \($0)" } ?? "no JSON"
        }
        let type = headers["content-type"] ?? "none"
        var error = GatewayError(
            .upstreamProtocol,
            "\(deployment.access.name) answered with something that is not what was asked for: status \(status), "
                + "content-type \(type.prefix(100)), \(what)."
        )
        error.upstreamStatus = status
        return error
    }
}
