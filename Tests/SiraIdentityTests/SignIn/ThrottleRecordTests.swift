import SiraCore
import SiraTesting
import Synchronization
import Testing

@testable import SiraIdentity

@Suite struct ThrottleRecordTests {
    private let clock = VirtualClock()

    private func name(_ text: String) -> [SignInThrottle.Name] { [(text, .person)] }

    /// Gets it wrong as often as is free, and once more, so that the name has to wait.
    private func slowDown(_ text: String, _ throttle: SignInThrottle) throws {
        for _ in 0..<SignInThrottle.Rule.person.free { try throttle.begin(name(text)) }
        #expect(throws: SignInError.tooMany(1)) { try throttle.begin(name(text)) }
    }

    @Test func `a moment that was read before another attempt's is no trap`() throws {
        let times = Mutex<[UInt64]>([9_000_000_000, 1_000_000_000, 1_000_000_000])
        let throttle = SignInThrottle(
            clock: GatewayClock(now: { clock.now }, uptime: { times.withLock { $0.removeFirst() } })
        )
        try throttle.begin(name("a"))
        // It opens at the later moment; until then there is a wait and nothing else.
        #expect(throws: SignInError.tooMany(8)) { try throttle.begin(name("a")) }
    }

    @Test func `many at once leave the process standing`() async {
        let throttle = SignInThrottle(clock: .system)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<2_000 {
                        try? throttle.begin([("\(index % 7)", .address)])
                        throttle.succeeded([("\(index % 7)", .address)])
                    }
                }
            }
        }
    }

    @Test func `names that nobody has do not have a wait forgotten`() throws {
        let throttle = SignInThrottle(clock: clock.gateway, room: 64)
        try slowDown("factor anna", throttle)
        for index in 0..<500 { try throttle.begin(name("nobody \(index)")) }
        #expect(throws: SignInError.tooMany(1)) { try throttle.begin(name("factor anna")) }
        clock.advance(by: .seconds(1))
        for index in 0..<500 { try throttle.begin(name("no one \(index)")) }
        try throttle.begin(name("factor anna"))
        #expect(throws: SignInError.tooMany(2), "what was wrong before counts on") {
            try throttle.begin(name("factor anna"))
        }
    }

    @Test func `IPv4 by a listener for both kinds counts as IPv4`() {
        func network(_ address: String) -> String { SignInPlace(address: address, agent: "").network }
        #expect(network("::ffff:10.0.0.1") == network("10.0.0.1"))
        #expect(network("::ffff:10.0.0.1") != network("::ffff:10.0.0.2"))
        #expect(network("2001:db8::1") == network("2001:db8::2"))
    }
}
