import NIOCore
import SiraCore
import SiraWire
import Testing

@Suite struct ArrivingBodyTests {
    private final class Taker: BodySink {
        var text = ""
        var ends: [GatewayError?] = []
        var onPiece: () -> Void = {}

        func received(_ piece: ByteBuffer) {
            text += String(buffer: piece)
            onPiece()
        }

        func ended(_ error: GatewayError?) { ends.append(error) }
    }

    @Test func `nothing is read before somebody takes it, and what has come is not lost`() {
        let body = ArrivingBody(length: 6)
        var changes: [Bool] = []
        body.onPauseChange = { changes.append($0) }
        #expect(body.isPaused && !body.isTaken)
        body.receive(ByteBuffer(string: "abc"))
        let taker = Taker()
        body.deliver(to: taker)
        #expect(taker.text == "abc" && changes == [false] && body.isTaken && !body.isExhausted)
        body.receive(ByteBuffer(string: "def"))
        body.finish(nil)
        body.finish(GatewayError(.clientClosed, ""))
        #expect(taker.text == "abcdef" && taker.ends.count == 1 && taker.ends[0] == nil && body.isExhausted)
    }

    @Test func `one may take the beginning and another the rest`() {
        let body = ArrivingBody(length: nil)
        let (first, second) = (Taker(), Taker())
        first.onPiece = { body.suspend() }
        for piece in ["a", "b", "c"] { body.receive(ByteBuffer(string: piece)) }
        body.finish(nil)
        body.deliver(to: first)
        #expect(first.text == "a" && first.ends.isEmpty && body.isPaused && !body.isTaken)
        body.deliver(to: second)
        #expect(second.text == "bc" && second.ends.count == 1 && first.ends.isEmpty)
    }

    @Test func `what is found wrong on the way ends it, and the piece is not passed on`() {
        let body = ArrivingBody(length: nil)
        let taker = Taker()
        body.inspect = { String(buffer: $0) == "bad" ? GatewayError(.invalidField, "") : nil }
        body.deliver(to: taker)
        for piece in ["good", "bad", "good"] { body.receive(ByteBuffer(string: piece)) }
        #expect(taker.text == "good" && taker.ends.count == 1 && taker.ends[0]?.code == .invalidField)
    }

    @Test func `what nobody wants is read and thrown away`() {
        let body = ArrivingBody(length: nil)
        let taker = Taker()
        body.deliver(to: taker)
        body.setPaused(true)
        body.discard()
        body.receive(ByteBuffer(string: "a"))
        body.finish(nil)
        #expect(taker.text.isEmpty && taker.ends.isEmpty && !body.isPaused)
    }

    @Test func `an error overtakes what has not been taken`() {
        let body = ArrivingBody(length: nil)
        body.receive(ByteBuffer(string: "a"))
        body.finish(GatewayError(.requestTimeout, ""))
        let taker = Taker()
        body.deliver(to: taker)
        #expect(taker.text.isEmpty && taker.ends.count == 1 && taker.ends[0]?.code == .requestTimeout)
    }
}
