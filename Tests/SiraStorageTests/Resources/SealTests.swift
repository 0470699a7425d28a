import SiraStorage
import Testing

@Suite struct SealTests {
    private let seal: Seal

    init() throws { seal = try Seal(key: [UInt8](repeating: 7, count: 32)) }

    @Test func `what was sealed is read again, and looks different each time`() throws {
        let (first, second) = (try seal.seal("geheim ü", for: "a"), try seal.seal("geheim ü", for: "a"))
        #expect(first != second)
        #expect(!first.contains("geheim"))
        #expect(try seal.open(first, for: "a") == "geheim ü")
        #expect(try seal.open(second, for: "a") == "geheim ü")
    }

    @Test func `a text in another place, changed, or under another key is not read`() throws {
        let sealed = try seal.seal("secret", for: "channel 1 url")
        #expect(throws: SealError.broken(place: "channel 2 url")) { try seal.open(sealed, for: "channel 2 url") }
        var changed = Array(sealed)
        changed[20] = changed[20] == "A" ? "B" : "A"
        #expect(throws: SealError.broken(place: "channel 1 url")) {
            try seal.open(String(changed), for: "channel 1 url")
        }
        let other = try Seal(key: [UInt8](repeating: 8, count: 32))
        #expect(throws: SealError.broken(place: "channel 1 url")) { try other.open(sealed, for: "channel 1 url") }
    }

    @Test func `a text that was never sealed is given as it is, and one that looks sealed is sealed all the same`()
        throws
    {
        #expect(try seal.open("https://example.com", for: "a") == "https://example.com")
        let sly = "sealed:1:AAAA"
        #expect(try seal.open(try seal.seal(sly, for: "a"), for: "a") == sly)
    }

    @Test func `a key has 32 bytes`() {
        #expect(throws: SealError.badKey) { try Seal(key: [1, 2, 3]) }
    }
}
