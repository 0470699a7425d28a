import SiraWire
import Testing

@Suite struct ListedEventsTests {
    private func list(_ pieces: [String]) -> String {
        var (events, output) = (ListedEvents(), [UInt8]())
        for piece in pieces { Array(piece.utf8).withUnsafeBytes { events.append($0, to: &output) } }
        events.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `the data of events are elements, whatever pieces they come in`() {
        let events = ["data: {\"a\":1}\n\n", "data: {\"b\":2}\r\n\r\n", "event: x\ndata: [\ndata: 3]\n\n"]
        #expect(list(events) == "[{\"a\":1},\n{\"b\":2},\n[\n3]]")
        #expect(list([events.joined()]) == list(events))
    }

    @Test func `what holds no data is white space`() {
        #expect(list([]) == "[]")
        #expect(list(["\n\n", "data: 1\n\n", ": word\n\n"]).filter { !$0.isWhitespace } == "[1]")
    }
}
