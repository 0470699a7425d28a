import NIOCore
import SiraCore
import SiraPipeline
import SiraTesting
import SiraWire

/// The way to the simulation's providers.
final class ModelledTransport: Transport {
    private let loop: SteppedLoop
    private let clock: VirtualClock
    private let start: UInt64
    private var random: SeededRandom
    private var providers: [String: ModelledProvider] = [:]

    init(_ providers: [ModelledProvider], loop: SteppedLoop, clock: VirtualClock, seed: UInt64) {
        self.loop = loop
        self.clock = clock
        start = clock.uptime
        random = SeededRandom(seed: seed)
        for provider in providers { self.providers[provider.name] = provider }
    }

    /// Since the simulation's beginning.
    var time: Duration { .nanoseconds(clock.uptime - start) }

    func send(_ request: UpstreamRequest, abort: AbortSignal) async throws(GatewayError) -> any UpstreamAnswer {
        guard let provider = providers[request.provider] else {
            throw GatewayError(.internalError, "the simulation has no provider \(request.provider)")
        }
        provider.arrived(at: time)
        let key = request.headers["authorization"] ?? ""
        switch provider.behave(time, key, &random) {
        case .unreachable:
            provider.left()
            var error = GatewayError(.upstreamUnreachable, "connection refused")
            error.mayHaveBeenSent = false
            throw error
        case .hangs:
            await wait(for: request.timeouts.firstByte, abort)
            provider.left()
            throw abort.hasFired ? Self.aborted : GatewayError(.upstreamTimeout, "no answer in time")
        case .status(let status, let delay, let retryAfter):
            await wait(for: delay, abort)
            provider.left()
            if abort.hasFired { throw Self.aborted }
            let fields = [("content-type", "application/json")] + (retryAfter.map { [("retry-after", "\($0)")] } ?? [])
            let answer = ScriptedAnswer(status: status, fields)
            answer.send(#"{"error":{"message":"not now","type":"simulated"}}"#)
            answer.end()
            return answer
        case .answers(let firstToken, let rest):
            await wait(for: firstToken, abort)
            if abort.hasFired {
                provider.left()
                throw Self.aborted
            }
            let answer = ScriptedAnswer(stream: [Sample.chunk("Hello")])
            _ = loop.after(rest) {
                provider.left()
                answer.send(Sample.usageChunk + Sample.done)
                answer.end()
            }
            return answer
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
