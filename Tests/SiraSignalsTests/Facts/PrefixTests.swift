import SiraSignals
import SiraWire
import Testing

@Suite struct PrefixTests {
    private func prefix(_ text: String, instructions: String? = nil) -> UInt64 {
        RequestFacts(of: RequestFactsTests.call(text, instructions: instructions)).prefix
    }

    /// Reckoned by another program (MurmurHash64A); all processes, machines and versions must come to the same.
    @Test func `the number of a prompt's beginning never changes`() {
        #expect(prefix("Hello, world") == 13_132_512_959_378_688_678)
        #expect(prefix("春", instructions: "Be brief.") == 17_920_404_009_300_263_681)
    }

    @Test func `nothing said has no number`() {
        #expect(RequestFacts(of: Call(turns: [])).prefix == 0)
    }

    @Test func `a conversation keeps its number as it goes on`() {
        var call = RequestFactsTests.call("What is a lane?", instructions: "Be brief.")
        let before = RequestFacts(of: call).prefix
        call.turns += [
            RequestFactsTests.turn(.assistant, .text("An actor.")), RequestFactsTests.turn(.user, .text("Why?")),
        ]
        #expect(RequestFacts(of: call).prefix == before)
    }

    @Test func `other instructions or another first word give another number`() {
        let numbers = [
            prefix("a", instructions: "b"), prefix("a", instructions: "c"), prefix("d", instructions: "b"), prefix("a"),
        ]
        #expect(Set(numbers).count == 4)
    }

    @Test func `prompts that differ only after 4 KB share a number`() {
        let long = String(repeating: "你好 ", count: 2_000)
        #expect(prefix("a", instructions: long) == prefix("b", instructions: long + "!"))
        #expect(prefix("a", instructions: long) != prefix("a", instructions: "!" + long))
    }
}
