import SiraConfiguration
import SiraCore
import SiraJSON
import SiraRouting
import Testing

@Suite("SettingsLayer") struct SettingsLayerTests {
    private static let file = """
        providers:
          openai:
            api_key: sk-file
            headers: {x-a: one}
          house:
            protocol: openai
            base_url: http://10.0.0.1/v1
        aliases: {fast: gpt-4o-mini, slow: gpt-4o}
        routes:
          support:
            targets: [fast, slow]
        """

    private func layer(_ json: String) throws -> SettingsLayer { try SettingsLayer(json: Array(json.utf8)) }

    private func origin() throws -> SettingsOrigin { try Settings.parse(Self.file, file: "sira.yaml").origin }

    private func settings(_ json: String, _ environment: Environment = Environment()) throws -> Settings {
        try Settings.parse(Self.file, file: "sira.yaml", environment: environment, layer: try layer(json))
    }

    private func problems(_ json: String, _ environment: Environment = Environment()) -> [ConfigurationProblem] {
        do {
            _ = try settings(json, environment)
            return []
        } catch {
            return (error as? ConfigurationErrors)?.problems ?? []
        }
    }

    @Test func `a layer changes, adds and takes away as a merge patch does`() throws {
        let settings = try settings(
            #"{"aliases":{"slow":null,"new":"gpt-4o"},"routes":{"support":{"targets":["fast"]}}}"#
        )
        #expect(settings.aliases == ["fast": "gpt-4o-mini", "new": "gpt-4o"])
        #expect(settings.routes["support"]?.targets.map(\.model) == ["fast"])
    }

    @Test func `an empty layer changes nothing`() throws {
        let plain = try Settings.parse(Self.file, file: "sira.yaml")
        #expect(try settings("{}") == plain)
        #expect(try settings("{}").origin.layerPaths.isEmpty)
    }

    @Test func `the environment goes before a layer, and that before the file`() throws {
        let json = #"{"logging":{"level":"debug"}}"#
        #expect(try settings(json).logging.level.rawValue == "debug")
        #expect(try settings(json, Environment(["SIRA_LOG_LEVEL": "error"])).logging.level.rawValue == "error")
    }

    @Test func `numbers and truths are read as they are written in JSON`() throws {
        let settings = try settings(#"{"routing":{"retry":{"attempts":5}},"providers":{"house":{"enabled":false}}}"#)
        #expect(settings.routing.retry.attempts == 5)
        #expect(settings.providers["house"]?.isEnabled == false)
    }

    @Test func `a mistake in a layer is told with its path and not with a place in the file`() throws {
        let found = problems(#"{"aliases":{"loop":"loop"},"nonsense":1,"routing":{"retry":{"attempts":"x"}}}"#)
        #expect(Set(found.map(\.path)) == ["aliases.loop", "nonsense", "routing.retry.attempts"])
        #expect(found.allSatisfy { $0.isOfLayer && $0.place == nil })
    }

    @Test func `a layer reads neither variables nor files of the machine`() {
        let environment = Environment(["SECRET": "s"])
        #expect(problems(#"{"aliases":{"a":"${SECRET}"}}"#, environment).map(\.path) == ["aliases.a"])
        let new = #"{"providers":{"new":{"protocol":"openai","base_url":"https://a.b","api_key":"file:/etc/passwd"}}}"#
        #expect(problems(new).map(\.path) == ["providers.new.api_key"])
    }

    @Test func `secrets of the file are sent nowhere else by a layer`() {
        let found = problems(#"{"providers":{"openai":{"base_url":"https://elsewhere.example"}}}"#)
        #expect(found.map(\.path) == ["providers.openai.base_url"])
        #expect(problems(#"{"providers":{"house":{"base_url":"https://elsewhere.example"}}}"#).isEmpty)
    }

    @Test(arguments: [
        #"{"server":{"lanes":2}}"#, #"{"server":{"address":":1"}}"#, #"{"admin":{"token":"a"}}"#,
        #"{"admin":{"names":["a"]}}"#, #"{"alerts":{"allow_loopback":true}}"#,
        #"{"providers":{"house":{"proxy":"http://a:1"}}}"#, #"{"storage":{"directory":"/tmp"}}"#,
        #"{"server":{"public_url":"https://a"}}"#, #"{"billing":{"stripe":{"base_url":"https://a"}}}"#,
    ])
    func `what only the file can say is locked`(json: String) throws {
        #expect(try layer(json).lockProblems(Environment(), over: origin()).count == 1)
    }

    @Test(arguments: [
        (#"{"server":null}"#, "server.tls"), (#"{"server":[]}"#, "server.address"), (#"{"server":1}"#, "server.lanes"),
        (#"{"storage":null}"#, "storage.directory"), (#"{"storage":{"journal":null}}"#, "storage.journal.sync"),
        (#"{"alerts":null}"#, "alerts.allow_loopback"), (#"{"billing":null}"#, "billing.stripe.base_url"),
        (#"{"providers":{"proxied":null}}"#, "providers.proxied.proxy"),
        (#"{"providers":null}"#, "providers.proxied.proxy"),
        (#"{"admin":null}"#, "admin"),
    ])
    func `what only the file can say is not taken away with what is around it`(json: String, path: String) throws {
        let file = Self.file + "\nserver: {tls: {certificate: a, key: b}}\n"
        let more = file.replacing(
            "aliases:",
            with: "  proxied: {protocol: openai, base_url: http://a, proxy: http://b:1}\naliases:"
        )
        let origin = try Settings.parse(more, file: "sira.yaml").origin
        #expect(try layer(json).lockProblems(Environment(), over: origin).map(\.path).contains(path))
    }

    @Test(arguments: [
        #"{"aliases":null}"#, #"{"stream":null}"#, #"{"providers":{"house":null}}"#, #"{"server":{}}"#,
        #"{"routes":{"support":null}}"#, #"{"experiments":{"x":null}}"#, #"{"alerts":{"mail":null}}"#,
    ])
    func `what others can say too is taken away whole`(json: String) throws {
        #expect(try layer(json).lockProblems(Environment(), over: origin()).isEmpty)
    }

    @Test func `what was taken away does not come back with what takes its place`() throws {
        let file = """
            providers:
              house:
                protocol: openai
                base_url: http://10.0.0.1/v1
                api_key: sk-file
                headers: {x-a: one}
            routes:
              support: {targets: [a, b], strategy: latency, degrade: {models: [c], cost_per_hour: 1}}
            models: {a: {provider: house}, b: {provider: house}, c: {provider: house}}
            """
        func after(_ patches: String...) throws -> Settings {
            let origin = try Settings.parse(file, file: "sira.yaml").origin
            let composed = try patches.reduce(SettingsLayer.empty) { try $0.patched(with: layer($1), over: origin) }
            return try Settings.parse(file, file: "sira.yaml", layer: composed)
        }
        let none = #"{"providers":{"house":null},"routes":{"support":null},"models":null}"#
        let new = #"{"providers":{"house":{"protocol":"openai","base_url":"https://new.example","api_key":"sk-new"}}}"#
        let provider = try #require(try after(none, new).providers["house"])
        #expect(provider.baseURL == "https://new.example")
        #expect(provider.allKeys.map { $0.reveal() } == ["sk-new"])
        #expect(provider.headers.isEmpty)
        // An entry within what was taken away whole, and a section within the entry.
        let routed = try after(
            none,
            new,
            #"{"routes":{"support":{"targets":["d"],"degrade":{"models":["d"],"requests_per_minute":5}}}}"#
        )
        #expect(routed.routes["support"]?.strategy == RouteSettings().strategy)
        #expect(routed.routes["support"]?.degradation?.models == ["d"])
        #expect(routed.routes["support"]?.degradation?.costPerHour == nil)
        #expect(routed.models.isEmpty)
        // Without the deletion both are one.
        #expect(try after(#"{"routes":{"support":{"targets":["a"]}}}"#).routes["support"]?.degradation != nil)
    }

    @Test func `secrets of the file that a layer takes away keep no address from changing`() throws {
        let moved = #"{"providers":{"openai":{"base_url":"https://a.example","api_key":null,"headers":null}}}"#
        #expect(problems(moved).isEmpty)
        let kept = #"{"providers":{"openai":{"base_url":"https://a.example","api_key":null}}}"#
        #expect(problems(kept).map(\.path) == ["providers.openai.base_url"])
    }

    @Test func `what a variable says is locked`() throws {
        let layer = try layer(#"{"logging":{"level":"debug"}}"#)
        let origin = try origin()
        #expect(layer.lockProblems(Environment(), over: origin).isEmpty)
        let environment = Environment(["SIRA_LOG_LEVEL": "info"])
        #expect(layer.lockProblems(environment, over: origin).map(\.path) == ["logging.level"])
    }

    @Test func `a secret goes to another address only when it is given again`() throws {
        let before = try layer(#"{"providers":{"new":{"base_url":"https://a.example","api_key":"k"}}}"#)
        let origin = try origin()
        func problems(_ patch: String) throws -> [String] {
            let patch = try layer(patch)
            return before.patched(with: patch, over: origin).transitionProblems(from: before, by: patch).map(\.path)
        }
        let moved = #"{"providers":{"new":{"base_url":"https://b.example"}}}"#
        #expect(try problems(moved) == ["providers.new.base_url"])
        #expect(try problems(#"{"providers":{"new":{"base_url":"https://b.example","api_key":"k"}}}"#).isEmpty)
        #expect(try problems(#"{"providers":{"new":{"base_url":"https://b.example","api_key":null}}}"#).isEmpty)
        #expect(try problems(#"{"providers":{"new":{"api_key":"other"}}}"#).isEmpty)
        #expect(try problems(#"{"providers":{"new":{"variables":{"x":"y"}}}}"#) == ["providers.new.variables.x"])
    }

    @Test func `all secrets are found, also in lists, by names and of digits alone`() throws {
        let layer = try layer(
            #"{"providers":{"a":{"keys":["k1",2],"headers":{"x":"h"},"api_key":"k","region":"eu"}},"aliases":{"x":"y"}}"#
        )
        let sealed = layer.mappingSecrets { path, _ in "<\(path)>" }
        let text = String(decoding: sealed.json, as: UTF8.self)
        for path in ["keys[0]", "keys[1]", "headers.x", "api_key"] { #expect(text.contains("<providers.a.\(path)>")) }
        #expect(text.contains(#""region":"eu""#))
    }

    @Test func `a path is given back to the file, names with dots included`() throws {
        let layer = try layer(#"{"models":{"gpt-4.1":{"context":5,"max_output":1}},"aliases":{"a":"b"}}"#)
        let reset = try layer.resetting("models.gpt-4.1.context")
        #expect(String(decoding: reset.json, as: UTF8.self).contains(#""gpt-4.1":{"max_output":1}"#))
        #expect(!(try layer.resetting("aliases.a")).has(["aliases"]))
        #expect(throws: ConfigurationErrors.self) { try layer.resetting("aliases.c") }
    }

    @Test func `orders to take away what is not there are dropped`() throws {
        let layer = try layer(#"{"aliases":{"fast":null,"gone":null}}"#)
        let pruned = layer.pruned(beside: try settings("{}"))
        #expect(String(decoding: pruned.json, as: UTF8.self) == #"{"aliases":{"fast":null}}"#)
    }

    @Test(arguments: ["[]", "1", "", "{\"a\":1,\"a\":2}"])
    func `what is no object is no layer`(json: String) {
        #expect(throws: LayerFault.self) { try SettingsLayer(json: Array(json.utf8)) }
    }
}

@Suite("SettingsDocument") struct SettingsDocumentTests {
    private func document(_ json: String, _ environment: Environment = Environment()) throws -> SettingsDocument {
        let file = "providers: {openai: {api_key: sk-very-secret}}\naliases: {fast: gpt-4o-mini}\n"
        let layer = try SettingsLayer(json: Array(json.utf8))
        let settings = try Settings.parse(file, file: "sira.yaml", environment: environment, layer: layer)
        return SettingsDocument(settings, environment: environment)
    }

    @Test func `each value tells who gave it`() throws {
        let document = try document(
            #"{"routing":{"retry":{"attempts":5}}}"#,
            Environment(["SIRA_LOG_LEVEL": "error"])
        )
        #expect(document.given["aliases.fast"]?.source == .file)
        #expect(document.given["routing.retry.attempts"]?.source == .console)
        #expect(document.given["logging.level"]?.source == .environment)
        #expect(document.given["logging.format"] == nil)
        #expect(document.locked["server.address"] == "restart")
        #expect(document.locked["admin.token"] == "file")
        #expect(document.locked["logging.level"] == "environment SIRA_LOG_LEVEL")
        #expect(document.locked["routing.retry.attempts"] == nil)
    }

    @Test func `it is JSON with every field and no secret`() throws {
        let document = try document(#"{"routing":{"retry":{"attempts":5}}}"#)
        #expect(!document.json.description.contains("sk-very-secret"))
        try JSONIndexer().read(document.json.bytes) { json in
            #expect(json["providers"]?["openai"]?["api_key"]?.string == SettingsLayer.mask)
            #expect(json["providers"]?["openai"]?["enabled"]?.bool == true)
            #expect(json["routing"]?["retry"]?["attempts"]?.integer == 5)
            #expect(json["server"]?["address"]?.string == "127.0.0.1:8080")
        }
    }

    @Test func `changes tell what was before and what is after, and that a secret is another`() throws {
        let before = try document("{}")
        let after = try document(
            #"{"aliases":{"fast":"gpt-4o","new":"fast"},"providers":{"openai":{"api_key":"sk-other"}}}"#
        )
        let changes = after.changes(from: before)
        #expect(changes.map(\.path) == ["aliases.fast", "aliases.new", "providers.openai.api_key"])
        #expect(changes.map { $0.before?.description } == ["\"gpt-4o-mini\"", nil, "\"•••\""])
        #expect(changes.map { $0.after?.description } == ["\"gpt-4o\"", "\"fast\"", "\"•••\""])
        #expect(after.changes(from: after).isEmpty)
    }
}
