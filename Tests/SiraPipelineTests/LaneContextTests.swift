import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct LaneContextTests {
    @Test func `a client sees the end of an answer only when the journal has its record`() throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let client = Client()
        var recordsAtFlush: [Int] = []
        client.onFlush = { recordsAtFlush.append(bench.lane.journaledRecords) }
        bench.ask(Sample.chat, client: client)
        #expect(client.isEnded && recordsAtFlush == [1])
    }

    @Test func `all pieces of a turn leave together, and what waits for the turn's end comes after them`() throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        bench.script(.answer(answer))
        let client = bench.ask(Sample.chatStream)
        let before = client.body
        var seen: [String] = []
        bench.lane.context.afterTurn { seen.append(client.body) }
        for letter in ["b", "c", "d"] { answer.send(Sample.chunk(letter)) }
        #expect(client.body == before && seen.isEmpty)
        bench.settle()
        #expect(client.events.count == 4 && seen == [client.body])
    }
}
