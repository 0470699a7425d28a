import SiraTokens
import Testing

@Suite struct TokenTallyTests {
    private static let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 400)

    @Test func `several texts are the sum of their tokens, and what is known besides`() {
        var tally = TokenTally(.o200k, lookups: 100_000)
        tally.add("Hello, world!")
        tally.add("")
        tally.add("Hello, world!")
        tally.fixed += 3
        #expect(tally.tokens == 4 + 4 + 3)
    }

    @Test func `what is not looked at is taken to be like the beginning`() {
        let exact = Tokenizer.o200k.count(Self.text)
        var tally = TokenTally(.o200k, lookups: 2_000)
        tally.add(Self.text)
        #expect(abs(tally.tokens - exact) < exact / 50)
        tally.add(Self.text)
        #expect(abs(tally.tokens - 2 * exact) < exact / 25)
    }

    @Test func `where nothing may be looked at, only what is known counts`() {
        var tally = TokenTally(.o200k, lookups: 0)
        tally.add(Self.text)
        tally.fixed = 7
        #expect(tally.tokens == 7)
    }
}
