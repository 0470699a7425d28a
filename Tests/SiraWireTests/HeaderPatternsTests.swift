import SiraWire
import Testing

@Suite struct HeaderPatternsTests {
    private let patterns = HeaderPatterns(["x-title", "anthropic-*", "x-team-*"])

    @Test(arguments: ["x-title", "X-Title", "anthropic-beta", "Anthropic-Version", "anthropic-", "X-TEAM-a"])
    func `a name is covered whatever its case`(_ name: String) {
        #expect(patterns.cover(name))
    }

    @Test(arguments: ["", "x-titl", "x-title-2", "anthropic", "x-team", "authorization", "x-api-key"])
    func `other names are not`(_ name: String) {
        #expect(!patterns.cover(name))
        #expect(!HeaderPatterns([]).cover(name))
    }
}
