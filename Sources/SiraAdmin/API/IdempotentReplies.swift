import HTTPTypes
import Hummingbird
import SiraCore
import SiraStorage

/// Gives repetitions of a request that carried an idempotency key the answer of the first one.
///
/// Only answers that are no refusals are kept: what was refused has changed nothing and may be tried again.
struct IdempotentReplies: Sendable {
    let store: any ReplyStore
    let clock: GatewayClock

    /// How long answers are kept.
    static let time = Duration.seconds(86_400)
    /// How long a request without an answer keeps others off; longer than any takes.
    private static let pending = Duration.seconds(300)
    private static let keyLimit = 200

    /// The request's key; nil when it has none.
    static func key(_ request: Request) throws(EndpointError) -> String? {
        guard let key = HTTPField.Name("Idempotency-Key").flatMap({ request.headers[$0] }) else { return nil }
        let isPlain = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, (1...keyLimit).contains(key.utf8.count) else {
            throw EndpointError(
                400,
                "invalid_header",
                "Idempotency-Key has 1 to \(keyLimit) visible characters of ASCII, such as a UUID."
            )
        }
        return key
    }

    func answer(
        _ request: Request,
        _ key: String,
        _ asked: EndpointRequest,
        _ work: () async throws -> (EndpointReply, status: Int)
    ) async throws -> Response {
        let now = clock.now()
        var reply = StoredReply(
            key: key,
            caller: asked.author.actor,
            request: StoredReply.digest(request.method.rawValue, request.uri.string, asked.body),
            status: 0,
            body: [],
            expiresAt: now.advanced(by: Self.pending)
        )
        if let earlier = try await store.reserve(reply, at: now) { return try replay(earlier, for: reply) }
        let result: EndpointReply
        do {
            (result, reply.status) = try await work()
        } catch {
            // Whoever repeats it is not kept off by a refusal.
            try? await store.release(key, of: reply.caller)
            throw error
        }
        reply.body = result.kept ?? result.body
        reply.expiresAt = now.advanced(by: Self.time)
        try await store.settle(reply)
        return AdminAPI.response(result.body, status: reply.status, version: result.version)
    }

    private func replay(_ earlier: StoredReply, for reply: StoredReply) throws(EndpointError) -> Response {
        guard earlier.request == reply.request else {
            throw EndpointError(
                422,
                "idempotency_key_reused",
                "This Idempotency-Key was sent with another request; take a new one."
            )
        }
        guard earlier.status != 0 else {
            throw EndpointError(409, "request_in_progress", "The same request is being carried out; try again soon.")
        }
        var response = AdminAPI.response(earlier.body, status: earlier.status, version: nil)
        if let name = HTTPField.Name("Idempotency-Replayed") { response.headers[name] = "true" }
        return response
    }
}
