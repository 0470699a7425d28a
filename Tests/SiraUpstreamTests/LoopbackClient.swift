import NIOCore
import NIOPosix
import NIOSSL
import SiraCore
import SiraWire
import Synchronization

@testable import SiraUpstream

/// What came of a request.
struct Outcome: Sendable {
    var status = 0
    var body = ""
    var error: GatewayError?
}

/// A client on an event loop of its own, with a clock that tests move.
actor LoopbackClient {
    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private let uptime = Watched<UInt64>(1_000_000_000)
    private let port: Int
    private lazy var client = makeClient()
    private let tls: NIOSSLContext

    /// - Parameter port: where the provider is.
    init(port: Int) throws {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        self.port = port
        var configuration = UpstreamSettings().tls
        configuration.certificateVerification = .none
        tls = try NIOSSLContext(configuration: configuration)
    }

    private func makeClient() -> UpstreamClient {
        let uptime = uptime
        let clock = GatewayClock(now: { Timestamp(microseconds: 0) }, uptime: { uptime.value })
        return UpstreamClient(loop: loop, settings: UpstreamSettings(), tls: tls, socketTLS: tls, clock: clock)
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Parameters:
    ///   - usesTLS: without it there is HTTP/1.1 only.
    ///   - isSlow: holds the answer back again and again.
    ///   - leavesAtOnce: before anything can have come from the network.
    func ask(
        _ body: String,
        usesTLS: Bool = true,
        isSlow: Bool = false,
        firstByte: Duration = .seconds(300),
        abort: NIOLoopBound<AbortSignal>? = nil,
        leavesAtOnce: Bool = false
    ) async -> Outcome {
        let abort = abort ?? makeAbort()
        if leavesAtOnce { loop.execute { abort.value.fire() } }
        var timeouts = UpstreamTimeouts()
        timeouts.firstByte = firstByte
        var request = UpstreamRequest(
            endpoint: Endpoint(host: "127.0.0.1", port: port, usesTLS: usesTLS),
            method: "POST",
            path: "/",
            headers: HeaderFields(),
            body: ByteBuffer(string: body),
            timeouts: timeouts
        )
        request.provider = "acme"
        do throws(GatewayError) {
            let answer = try await client.send(request, abort: abort.value)
            var outcome = await Gatherer(answer, isSlow: isSlow, loop: loop).gather()
            outcome.status = answer.status
            return outcome
        } catch {
            return Outcome(error: error)
        }
    }

    /// Sends several requests at the same time; what came of each, in their order.
    nonisolated func askTogether(
        _ bodies: [String],
        usesTLS: Bool = true,
        firstByte: Duration = .seconds(300)
    ) async -> [Outcome] {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            for (place, body) in bodies.enumerated() {
                group.addTask { (place, await self.ask(body, usesTLS: usesTLS, firstByte: firstByte)) }
            }
            return await group.reduce(into: Array(repeating: Outcome(), count: bodies.count)) { $0[$1.0] = $1.1 }
        }
    }

    func makeAbort() -> NIOLoopBound<AbortSignal> {
        NIOLoopBound(AbortSignal(), eventLoop: loop)
    }

    func fire(_ abort: NIOLoopBound<AbortSignal>) {
        abort.value.fire()
    }

    /// Moves the clock, and looks at the time limits as a lane does.
    func advance(by duration: Duration) {
        uptime.change { $0 += duration.wholeNanoseconds }
        client.tick()
    }

    /// Waits until so many exchanges are running, which must not be on their way to an end.
    func running(_ count: Int) async {
        while client.runningCount != count { await Task.yield() }
    }
}

/// Takes an answer's body, slowly if that is wished.
private final class Gatherer: BodySink {
    private let answer: any UpstreamAnswer
    private let isSlow: Bool
    private let loop: any EventLoop
    private var outcome = Outcome()
    private var hasEnded = false
    private var waiter: CheckedContinuation<Void, Never>?

    init(_ answer: any UpstreamAnswer, isSlow: Bool, loop: any EventLoop) {
        self.answer = answer
        self.isSlow = isSlow
        self.loop = loop
    }

    nonisolated(nonsending) func gather() async -> Outcome {
        answer.deliver(to: self)
        if !hasEnded { await withCheckedContinuation { waiter = $0 } }
        return outcome
    }

    func received(_ piece: ByteBuffer) {
        outcome.body += String(buffer: piece)
        guard isSlow else { return }
        answer.setPaused(true)
        resume(after: 3)
    }

    private func resume(after turns: Int) {
        loop.assumeIsolated().execute { [self] in
            if turns > 0 { resume(after: turns - 1) } else { answer.setPaused(false) }
        }
    }

    func ended(_ error: GatewayError?) {
        outcome.error = error
        hasEnded = true
        waiter?.resume()
    }
}
