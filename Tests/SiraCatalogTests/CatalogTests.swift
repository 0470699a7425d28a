import SiraCatalog
import SiraJSON
import SiraWire
import Testing

@Suite struct CatalogTests {
    static let models = """
        {"models":[
        {"provider":"p","id":"big","aliases":["Large"],"kind":"chat","match":[{"starts_with":"big-pro"},{"contains":"huge"}]},
        {"provider":"p","id":"big-pro-max","kind":"chat","match":[{"starts_with":"big-pro-max"}]},
        {"provider":"p","id":"Small","kind":"chat","match":[{"regex":"^tiny\\\\.1[-@]\\\\d{8}$"}]},
        {"provider":"q","id":"big","kind":"embedding"}
        ]}
        """
    static let providers = """
        {"providers":[{"id":"p","base_url":"https://p.test","auth":"bearer","protocol":"openai","key_env":["P_KEY"]},
        {"id":"q","base_url":"https://q.test","auth":{"header":"X-Q","prefix":"Q "},"protocol":"anthropic","verified":false,
        "quirks":{"max_tokens_field":"max_tokens","stream_usage":"always","content_list_to_string":true,"cost_field":"cost",
        "call_ids":"mistral","thoughts_back":"reasoning","allowed_tools":true}},
        {"id":"r","base_url":"https://r.test","auth":"other","protocol":"gemini","models_from":"p","future":[1]}]}
        """

    static func make(_ providers: String = providers, _ models: String = models) throws -> Catalog {
        try Array(providers.utf8).withUnsafeBytes { providers in
            try Array(models.utf8).withUnsafeBytes { models in
                try Catalog(providers: providers, models: models, indexer: JSONIndexer())
            }
        }
    }

    @Test(arguments: [
        ("big", "big"), ("Large", "big"), ("large", "big"), ("small", "Small"), ("BIG", "big"), ("big-latest", "big"),
        ("big-2024-08-06", "big"), ("big-20250929", "big"), ("big@20250929", "big"), ("big-pro-1", "big"),
        ("big-pro-max-2", "big-pro-max"), ("so-huge-it-is", "big"), ("tiny.1@20250101", "Small"),
        ("Tiny.1-20250101", "Small"),
    ])
    func `a name finds its model by id, alias, rule or snapshot`(name: String, id: String) throws {
        #expect(try Self.make().model(provider: "p", name: name)?.id == id)
    }

    @Test(arguments: ["bigger", "tiny.1-2025010", "tinyx1-20250101", "-latest", "", "big-2024-8-6"])
    func `an unknown name finds nothing`(name: String) throws {
        #expect(try Self.make().model(provider: "p", name: name) == nil)
    }

    @Test func `a bare name finds every provider's model`() throws {
        #expect(try Self.make().models(named: "big").map(\.provider) == ["p", "q"])
    }

    @Test func `a provider may have the models of another`() throws {
        let catalog = try Self.make()
        #expect(catalog.model(provider: "r", name: "big")?.provider == "p")
        #expect(catalog.models(of: "r").count == 3)
    }

    @Test func `a provider's entry is read in full`() throws {
        let provider = try #require(try Self.make().provider("q"))
        #expect(provider.auth == .header(name: "x-q", prefix: "Q "))
        #expect(provider.wire == .anthropic && !provider.isVerified && provider.isZeroConfig)
        #expect(provider.quirks.outputLimitField == .maxTokens && provider.quirks.streamUsage == .always)
        #expect(provider.quirks.costField == "cost" && provider.quirks.callIDs == .mistral)
        #expect(provider.quirks.thoughtsField == .reasoning && provider.quirks.takesAllowedTools)
        #expect(provider.quirks.flattensContent && provider.baseURLVariable == "Q_BASE_URL")
        #expect(try Self.make().provider("r")?.isSpoken == false)
    }

    @Test func `how good a model is can be told, from 0 to 1`() throws {
        let models = { (quality: String) in #"{"models":[{"provider":"p","id":"m","quality":\#(quality)}]}"# }
        #expect(try Self.make(Self.providers, models("0.75")).models.first?.quality == 0.75)
        #expect(try Self.make().models.allSatisfy { $0.quality == nil })
        for wrong in ["-0.1", "1.1", #""good""#] {
            #expect(throws: CatalogError.self) { try Self.make(Self.providers, models(wrong)) }
        }
    }

    @Test func `every fault of a file is reported`() throws {
        let models =
            #"{"models":[{"id":"x"},{"provider":"p","id":"y","kind":"odd","capabilities":["fly"],"thinking":["hard"],"efforts":["some"],"refuses":["all"]},"#
            + #"{"provider":"p","id":"z","match":[{"regex":"a.*"}],"prices":[{"input":-1},{"from":"2024-02-30"}]}]}"#
        #expect(
            performing: { try Self.make(Self.providers, models) },
            throws: { ($0 as? CatalogError)?.problems.count == 9 }
        )
        #expect(throws: CatalogError.self) { try Self.make("[", Self.models) }
        #expect(throws: CatalogError.self) { try Self.make("{}", Self.models) }
    }
}
