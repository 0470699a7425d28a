internal import NIOCore
package import SiraCore
internal import SiraJSON
package import SiraWire
internal import Synchronization

/// Shows Google Cloud that a service account calls: by a token, which is fetched, kept and renewed before it expires.
///
/// One token serves all lanes. While it is fetched, whoever has none waits for it, on whatever lane; nobody holds a lock
/// meanwhile.
package final class GoogleAccountSigner: RequestSigner {
    private let account: GoogleAccount
    private let state = Mutex(State())

    private struct State {
        var token: Token?
        var isFetching = false
        var waiters: [CheckedContinuation<Result<Secret, GatewayError>?, Never>] = []
    }

    private struct Token {
        var text: Secret
        /// When a new one is to be fetched, and when this one is not used any more.
        var renewal: Timestamp
        var end: Timestamp
    }

    /// How long before its end a token is renewed, and how long before it is used no more.
    private static let renewalMargin: Int64 = 300
    private static let endMargin: Int64 = 30
    /// After a failure the old token, if there is one, is used for so long before the next attempt, in seconds.
    private static let pause: Int64 = 10

    package init(account: GoogleAccount) {
        self.account = account
    }

    package var signsBody: Bool { false }

    package nonisolated(nonsending) func sign(
        _ request: inout UpstreamRequest,
        at time: Timestamp,
        through transport: any Transport
    ) async throws(GatewayError) {
        let token = try await token(at: time, through: transport, for: request)
        request.headers.append("authorization", "Bearer \(token.reveal())")
    }

    private enum Turn {
        case use(Secret)
        case fetch
        case wait
    }

    private nonisolated(nonsending) func token(
        at time: Timestamp,
        through transport: any Transport,
        for request: UpstreamRequest
    ) async throws(GatewayError) -> Secret {
        while true {
            let turn = state.withLock { state -> Turn in
                if let token = state.token, time < token.end, state.isFetching || time < token.renewal {
                    return .use(token.text)
                }
                guard !state.isFetching else { return .wait }
                state.isFetching = true
                return .fetch
            }
            switch turn {
            case .use(let text): return text
            case .fetch: return try await fetch(at: time, through: transport, for: request)
            // Nil when there was nothing to wait for any more.
            case .wait: if let result = await wait() { return try result.get() }
            }
        }
    }

    private nonisolated(nonsending) func wait() async -> Result<Secret, GatewayError>? {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.isFetching { state.waiters.append(continuation) }
                return state.isFetching
            }
            if !waits { continuation.resume(returning: nil) }
        }
    }

    private nonisolated(nonsending) func fetch(
        at time: Timestamp,
        through transport: any Transport,
        for request: UpstreamRequest
    ) async throws(GatewayError) -> Secret {
        var result: Result<Token, GatewayError>
        do throws(GatewayError) {
            result = .success(try await fetched(at: time, through: transport, for: request))
        } catch {
            result = .failure(error)
        }
        let (outcome, waiters) = state.withLock { state in
            state.isFetching = false
            switch result {
            case .success(let token):
                state.token = token
            case .failure:
                if var old = state.token, time < old.end {
                    old.renewal = time.advanced(by: .seconds(Self.pause))
                    state.token = old
                    result = .success(old)
                }
            }
            let waiters = state.waiters
            state.waiters = []
            return (result.map(\.text), waiters)
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
        return try outcome.get()
    }

    // MARK: the exchange

    /// Bytes of an answer with a token; Google's are below 2,000.
    private static let longestAnswer = 1 << 16

    private nonisolated(nonsending) func fetched(
        at time: Timestamp,
        through transport: any Transport,
        for request: UpstreamRequest
    ) async throws(GatewayError) -> Token {
        let assertion = try account.assertion(at: time)
        var timeouts = UpstreamTimeouts()
        (timeouts.firstByte, timeouts.idle, timeouts.total) = (.seconds(20), .seconds(10), .seconds(30))
        // Both values are made of letters that need no escape in a form but for the colons.
        let form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)"
        var exchange = UpstreamRequest(
            endpoint: account.endpoint,
            method: "POST",
            path: account.path,
            headers: HeaderFields([
                ("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"),
                ("user-agent", "sira"),
            ]),
            body: ByteBuffer(string: form),
            timeouts: timeouts,
            proxy: request.proxy
        )
        // The account says itself where its tokens are had.
        exchange.addressGuard = request.addressGuard
        if account.endpoint.usesTLS { exchange.addressGuard?.allowsPublic = true }
        do throws(GatewayError) {
            // The request that is to be signed may end; the token is for others as well.
            let answer = try await transport.send(exchange, abort: AbortSignal())
            let body = await BodyCollector(limit: Self.longestAnswer).collect(answer)
            return try token(status: answer.status, body: body, at: time)
        } catch {
            throw problem(error)
        }
    }

    private func token(status: Int, body: ByteBuffer?, at time: Timestamp) throws(GatewayError) -> Token {
        let answer = body.flatMap { body in
            try? body.withUnsafeReadableBytes { bytes in
                try JSONIndexer().read(bytes, limits: .answer) { json in
                    (
                        token: json["access_token"]?.string, lifetime: json["expires_in"]?.integer,
                        error: json["error"]?.string, description: json["error_description"]?.string
                    )
                }
            }
        }
        guard status == 200, let answer, let text = answer.token, !text.isEmpty else {
            // Google's words, such as "Invalid JWT Signature.", hold no secret; they are kept short all the same.
            let words = [answer?.error, answer?.description].compactMap(\.self).joined(separator: ": ").prefix(200)
            throw GatewayError(
                .upstreamAuthentication,
                "Google gave no token to the gateway's service account (status \(status)).",
                upstreamStatus: status
            ).with(detail: String(words))
        }
        let lifetime = min(max(answer.lifetime ?? 3_600, 60), 86_400)
        return Token(
            text: Secret(text),
            renewal: time.advanced(by: .seconds(max(lifetime / 2, lifetime - Self.renewalMargin))),
            end: time.advanced(by: .seconds(lifetime - Self.endMargin))
        )
    }

    /// The failure of the exchange as one of the provider's: whoever asked for an answer need not know of tokens.
    private func problem(_ error: GatewayError) -> GatewayError {
        guard error.code != .upstreamAuthentication, error.code != .internalError else { return error }
        var problem = GatewayError(.upstreamAuthentication, "The gateway could not get a token from Google.")
        problem.detail = "\(error.code.rawValue): \(error.message) \(error.detail ?? "")"
        // The request itself was not sent.
        problem.mayHaveBeenSent = false
        return problem
    }
}

extension GatewayError {
    fileprivate func with(detail: String) -> GatewayError {
        var error = self
        error.detail = detail
        error.mayHaveBeenSent = false
        return error
    }
}
