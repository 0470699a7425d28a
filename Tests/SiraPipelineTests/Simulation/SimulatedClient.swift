import NIOCore
import SiraPipeline
import SiraTesting
import SiraWire

/// A client of the simulation: it notes when it saw what.
final class SimulatedClient: ClientStream {
    /// What a client saw.
    struct Account: Sendable {
        /// When it asked, since the simulation's beginning.
        let at: Duration
        var status = 0
        /// Whether it got a whole answer.
        var isServed = false
        /// From the request to the first piece of an answer; nil where there was none, or an error.
        var firstToken: Duration?
        /// From the request to the end of the answer; nil where there was none.
        var lasted: Duration?
    }

    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    let isWritable = true
    private(set) var hasStarted = false
    private(set) var account: Account
    private var text = ""
    private let clock: VirtualClock
    private let began: UInt64

    init(_ clock: VirtualClock, at time: Duration) {
        self.clock = clock
        began = clock.uptime
        account = Account(at: time)
    }

    private var elapsed: Duration { .nanoseconds(clock.uptime - began) }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        hasStarted = true
        account.status = status
    }

    func sendBody(_ piece: ByteBuffer) {
        if account.firstToken == nil, account.status == 200 { account.firstToken = elapsed }
        text += String(buffer: piece)
    }

    func sendEnd() {
        account.lasted = elapsed
        account.isServed = account.status == 200 && text.contains("[DONE]") && !text.contains("\"error\"")
    }

    func breakOff() { account.lasted = elapsed }
    func flush() {}
}
