import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct CredentialTurnsTests {
    private func access(_ id: String, _ keys: [String]) throws -> ProviderAccess {
        var override = ProviderOverride(id: id)
        override.wire = .openai
        override.baseURL = "https://api.test/v1"
        override.isKeyOptional = true
        var overrides = CatalogOverrides()
        overrides.providers = [override]
        let provider = try #require(try Catalog(providers: [], models: []).applying(overrides).provider(id))
        return try ProviderAccess(provider: provider, keys: keys.map { Secret($0) })
    }

    private func next(_ turns: inout CredentialTurns, _ access: ProviderAccess) -> String? {
        turns.next(of: access)?.value.reveal()
    }

    @Test func `keys are used one after another and again from the first`() throws {
        let access = try access("p", ["a", "b", "c"])
        var turns = CredentialTurns()
        let used = (0..<7).map { _ in next(&turns, access) }
        #expect(used == ["a", "b", "c", "a", "b", "c", "a"].map { "Bearer \($0)" })
    }

    @Test func `each provider has a turn of its own`() throws {
        let (one, two) = (try access("one", ["a", "b"]), try access("two", ["c", "d"]))
        var turns = CredentialTurns()
        let used = (0..<4).map { _ in [next(&turns, one), next(&turns, two)] }
        #expect(used.map { $0[0] } == ["a", "b", "a", "b"].map { "Bearer \($0)" })
        #expect(used.map { $0[1] } == ["c", "d", "c", "d"].map { "Bearer \($0)" })
    }

    @Test func `one key is always used, and none is none`() throws {
        let (single, none) = (try access("p", ["a"]), try access("q", []))
        var turns = CredentialTurns()
        for _ in 0..<3 {
            #expect(next(&turns, single) == "Bearer a")
            #expect(next(&turns, none) == nil)
        }
    }
}
