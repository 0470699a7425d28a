import SiraCore
import SiraLaneTesting
@testable import SiraPipeline
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineModelsTests {
    @Test func `models are listed to who may use them`() throws {
        var random = SeededRandom(seed: 1)
        let pattern = try #require(ModelPattern("gamma/*"))
        let narrow = APIKey.issue(name: "n", allowedModels: [pattern], at: VirtualClock().now, using: &random)
        let bench = try Bench(keys: [narrow.key])
        let ids = { (client: Client) in (client.json["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String } }
        let all = bench.read(key: bench.lane.keyText) { await $0.tellModels(ModelQuery(), $1, to: $2) }
        #expect(ids(all) == ["either", "small", "beta/small", "sonnet"])
        let some = bench.read(key: narrow.text.reveal()) { await $0.tellModels(ModelQuery(), $1, to: $2) }
        #expect(ids(some) == ["sonnet"])
        let none = bench.read() { await $0.tellModels(ModelQuery(), $1, to: $2) }
        #expect(none.status == 401 && none.json["type"] == nil)
        let other = bench.read(headers: [("anthropic-version", "2023-06-01")]) {
            await $0.tellModels(ModelQuery(), $1, to: $2)
        }
        #expect(other.status == 401 && other.json["type"] as? String == "error")
    }

    @Test func `a model is described by either of its names`() throws {
        let bench = try Bench()
        for name in ["sonnet", "gamma/sonnet"] {
            let client = bench.read(key: bench.lane.keyText) {
                await $0.tellModels(ModelQuery(name: name), $1, to: $2)
            }
            #expect(client.status == 200 && client.json["id"] as? String == name)
        }
        let client = bench.read(key: bench.lane.keyText) {
            await $0.tellModels(ModelQuery(name: "nothing"), $1, to: $2)
        }
        #expect(client.status == 404 && client.code == "model_not_found")
    }

    @Test(arguments: [
        ("anthropic-version", "2023-06-01", "data", "id"), ("x-goog-api-key", "k", "models", "name"),
        ("x-fern-sdk-name", "cohere", "models", "name"), ("user-agent", "curl", "data", "id"),
    ])
    func `each protocol's clients get models in its shape`(
        header: String,
        value: String,
        list: String,
        name: String
    ) throws {
        let bench = try Bench()
        var page = ModelPage()
        page.limit = 1
        let client = bench.read(key: bench.lane.keyText, headers: [(header, value)]) {
            await $0.tellModels(ModelQuery(page: page), $1, to: $2)
        }
        let models = try #require(client.json[list] as? [[String: Any]])
        #expect(models.count == 1 && (models[0][name] as? String)?.hasSuffix("either") == true)
        let isMore = client.json["has_more"] as? Bool ?? false
        #expect(isMore || client.json["nextPageToken"] != nil || client.json["next_page_token"] != nil)
        #expect(header != "anthropic-version" || models[0]["capabilities"] is [String: Any])
    }

    @Test func `a list is read page by page`() throws {
        let names = (1...5).map(String.init)
        var page = try ModelPage(query: "limit=2")
        #expect(page.part(of: names, name: \.self) == (["1", "2"], true))
        page = try ModelPage(query: "pageSize=2&pageToken=4")
        #expect(page.part(of: names, name: \.self) == (["5"], false))
        page = try ModelPage(query: "limit=2&before_id=4&after_id=")
        #expect(page.part(of: names, name: \.self) == (["2", "3"], true))
        #expect(ModelPage().part(of: names, name: \.self) == (names[...], false))
        #expect(throws: GatewayError.self) { try ModelPage(query: "limit=x") }
        #expect(try ModelPage(query: "pageSize=5000").limit == 1_000)
    }
}
