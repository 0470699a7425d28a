import NIOCore
import SiraCore
import SiraPipeline
import SiraTesting
import SiraWire

/// The way to the simulation's providers.
final class ModelledTransport: Transport {
    private struct Held {
        weak var abort: AbortSignal?
    }

    private let loop: SteppedLoop
    private let clock: VirtualClock
    private let start: UInt64
    private var random: SeededRandom
    private var providers: [String: ModelledProvider] = [:]
    private var held: [Held] = []

    init(_ providers: [ModelledProvider], loop: SteppedLoop, clock: VirtualClock, seed: UInt64) {
        self.loop = loop
        self.clock = clock
        start = clock.uptime
        random = SeededRandom(seed: seed)
        for provider in providers { self.providers[provider.name] = provider }
    }

    /// Since the simulation's beginning.
    var time: Duration { .nanoseconds(clock.uptime - start) }

    /// How many of the attempts that were ever made are still in memory.
    var heldAttempts: Int { held.count { $0.abort != nil } }

    func send(_ request: UpstreamRequest, abort: AbortSignal) async throws(GatewayError) -> any UpstreamAnswer {
        guard let provider = providers[request.provider] else {
            throw GatewayError(.internalError, "the simulation has no provider \(request.provider)")
        }
        let key = request.headers["authorization"] ?? ""
        guard request.method == "POST" else { return try await probe(provider, key, request.timeouts, abort) }
        held.append(Held(abort: abort))
        let place = provider.arrived(at: time, key: key)
        switch provider.behave(time, key, &random) {
        case .unreachable:
            provider.left(place, at: time)
            throw Self.refused
        case .hangs:
            await wait(for: request.timeouts.firstByte, abort)
            provider.left(place, at: time)
            throw abort.hasFired ? Self.aborted : GatewayError(.upstreamTimeout, "no answer in time")
        case .status(let status, let delay, let retryAfter):
            await wait(for: delay, abort)
            provider.left(place, at: time)
            if abort.hasFired { throw Self.aborted }
            let fields = [("content-type", "application/json")] + (retryAfter.map { [("retry-after", "\($0)")] } ?? [])
            let answer = ScriptedAnswer(status: status, fields + provider.limits(time, key))
            answer.send(#"{"error":{"message":"not now","type":"simulated"}}"#)
            answer.end()
            return answer
        case .answers(let firstToken, let rest):
            await wait(for: firstToken, abort)
            if abort.hasFired {
                provider.left(place, at: time)
                throw Self.aborted
            }
            let answer = ScriptedAnswer([("content-type", "text/event-stream")] + provider.limits(time, key))
            answer.send(Sample.chunk("Hello"))
            _ = loop.after(rest) { [self] in
                provider.left(place, at: time)
                answer.send(Sample.usageChunk + Sample.done)
                answer.end()
            }
            return answer
        }
    }

    /// Answers who asks for the list of models: one that answers requests at all, however slowly, has it at hand.
    private func probe(
        _ provider: ModelledProvider,
        _ key: String,
        _ timeouts: UpstreamTimeouts,
        _ abort: AbortSignal
    ) async throws(GatewayError) -> any UpstreamAnswer {
        provider.probed(at: time)
        switch provider.behave(time, key, &random) {
        case .unreachable: throw Self.refused
        case .hangs:
            await wait(for: timeouts.firstByte, abort)
            throw GatewayError(.upstreamTimeout, "no answer in time")
        case .status(let status, let delay, _):
            await wait(for: delay, abort)
            return ScriptedAnswer(status: status, json: "{}")
        case .answers:
            await wait(for: .milliseconds(50), abort)
            return ScriptedAnswer(json: #"{"object":"list","data":[]}"#)
        }
    }

    func open(
        _ request: UpstreamRequest,
        offer: SocketOffer,
        abort: AbortSignal
    ) async throws(GatewayError) -> SocketAnswer {
        throw GatewayError(.internalError, "the simulation has no sessions")
    }

    private static let aborted = GatewayError(.clientClosed, "The client closed the connection.")

    private static let refused: GatewayError = {
        var error = GatewayError(.upstreamUnreachable, "connection refused")
        error.mayHaveBeenSent = false
        return error
    }()

    private func wait(for delay: Duration, _ abort: AbortSignal) async {
        guard !abort.hasFired else { return }
        await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
            // Unsafe because exactly one of the two takes it out.
            var waiting: UnsafeContinuation<Void, Never>? = waiter
            let proceed = {
                let waiter = waiting
                waiting = nil
                waiter?.resume()
            }
            let cancel = loop.after(delay, proceed)
            abort.onFire {
                cancel()
                proceed()
            }
        }
    }
}
