import NIOCore
import SiraPipeline
import SiraTesting
import SiraWire

/// A client of the simulation: it notes when it saw what.
final class SimulatedClient: ClientStream {
    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    let isWritable = true
    private(set) var hasStarted = false
    private(set) var status = 0
    private(set) var attempts = 0
    /// From the request to the first piece of the body.
    private(set) var firstToken: Duration?
    private(set) var isEnded = false
    private var text = ""
    private let clock: VirtualClock
    private let began: UInt64

    init(_ clock: VirtualClock) {
        self.clock = clock
        began = clock.uptime
    }

    /// Whether the client got a whole answer.
    var isServed: Bool { status == 200 && isEnded && text.contains("[DONE]") && !text.contains("\"error\"") }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        hasStarted = true
        self.status = status
        attempts = headers["x-sira-attempts"].flatMap { Int($0) } ?? 0
    }

    func sendBody(_ piece: ByteBuffer) {
        if firstToken == nil { firstToken = .nanoseconds(clock.uptime - began) }
        text += String(buffer: piece)
    }

    func sendEnd() { isEnded = true }
    func breakOff() { isEnded = true }
    func flush() {}
}
