import NIOCore
package import SiraWire

/// One end of a WebSocket, at whose other end is the test.
package final class ScriptedSocket: MessageSocket {
    /// What the other side was sent so far, once it has left.
    package private(set) var sent: [String] = []
    /// The farewells that it was told; more than one would be a mistake.
    package private(set) var closes: [SocketClose] = []
    package private(set) var pings = 0
    package private(set) var isPaused = true
    package private(set) var framesHeard = 0
    /// Called each time before messages leave.
    package var onFlush: () -> Void = {}
    package var isWritable = true {
        didSet { if isWritable != oldValue { sink?.writabilityChanged(isWritable) } }
    }
    private var unsent: [String] = []
    private var sink: (any MessageSink)?
    private var early: [(any MessageSink) -> Void] = []

    package init() {}

    /// The other side says something.
    package func hear(_ text: String) {
        framesHeard += 1
        tell { $0.received(SocketMessage(isText: true, payload: ByteBuffer(string: text))) }
    }

    /// The other side gives a sign of life.
    package func hearPong() { framesHeard += 1 }

    /// The other side ends.
    package func end(_ end: SocketEnd) {
        tell { $0.ended(end) }
        sink = nil
    }

    private func tell(_ event: @escaping (any MessageSink) -> Void) {
        if let sink { event(sink) } else { early.append(event) }
    }

    /// Whether somebody listens.
    package var isHeard: Bool { sink != nil }

    package func deliver(to sink: any MessageSink) {
        self.sink = sink
        isPaused = false
        let events = early
        early = []
        for event in events { event(sink) }
    }

    package func setPaused(_ paused: Bool) { isPaused = paused }

    package func send(_ message: SocketMessage) { unsent.append(String(buffer: message.payload)) }

    package func ping() { pings += 1 }

    package func close(_ close: SocketClose) {
        flush()
        closes.append(close)
        sink = nil
    }

    package func flush() {
        guard !unsent.isEmpty else { return }
        onFlush()
        sent += unsent
        unsent = []
    }
}
