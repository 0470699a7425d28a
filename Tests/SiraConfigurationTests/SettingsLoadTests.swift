import Foundation
import SiraCore
import SiraLedger
import SiraWire
import Testing

@testable import SiraConfiguration

@Suite struct SettingsLoadTests {
    @Test func `zero configuration is valid`() throws {
        #expect(try settings("") == Settings())
        #expect(problems("\n\n# only a comment") == "")
    }

    @Test func `every field is read`() throws {
        let url = packageRoot.appendingPathComponent("Tests/Fixtures/configuration/valid/everything.yaml")
        let all = try settings(try String(contentsOf: url, encoding: .utf8))
        #expect(all.server.address == ListenAddress(host: "::1", port: 9000))
        #expect(all.server.lanes == 1000)
        #expect(all.server.tls?.minimumVersion == .tls12)
        #expect(all.server.limits.headerBytes == 16_384)
        #expect(all.server.limits.bodyBytes == 1_500_000)
        #expect(all.server.limits.requestTimeout == .seconds(90))
        #expect(all.server.limits.idleTimeout == .milliseconds(1_500))
        #expect(all.server.cors.headers == ["x-trace-id"])
        #expect(all.server.forwardHeaders == ["x-trace-id", "x-team-*"])
        #expect(all.server.withoutKeys == .allowAnyone)
        #expect(all.server.drainTimeout == .zero)
        #expect(all.admin.address == ListenAddress(host: "0.0.0.0", port: 9001))
        #expect(all.admin.token?.reveal() == "admin-token")
        #expect(all.admin.names == ["sira.example.com"])
        let mine = try #require(all.providers["mine"])
        #expect(!mine.isEnabled && mine.wireProtocol == .anthropic)
        #expect(mine.baseURL == "https://{region}.example.com:8443/api")
        #expect(mine.allKeys.map { $0.reveal() } == ["key-1", "key-2", "key-3"])
        #expect(mine.auth == .header(name: "x-token", prefix: "Token "))
        #expect(mine.headers["x-title"]?.reveal() == "my ${gateway}")
        #expect(mine.timeouts.total == .seconds(5))
        #expect(mine.proxy == ProxyAddress(url: "http://user:password@proxy:3128"))
        #expect(mine.forwardHeaders == [])
        var quirks = Quirks()
        mine.quirks.override(&quirks)
        #expect(quirks.outputLimitField == .maxTokens && quirks.streamUsage == .none && quirks.flattensContent)
        #expect(quirks.costField == "cost.total")
        let model = try #require(all.models["gpt-4.1"])
        #expect(model.capabilities == [.chat, .tools] && model.maxOutput == 100)
        #expect(model.price?.perRequest == NanoUSD(nanos: 9_000_000_000))
        #expect(model.price?.perSearch == NanoUSD(nanos: 10_000_000_000))
        #expect(all.aliases == ["fast": "gpt-4.1"])
        #expect(all.storage.journal.sync == .everyWrite && all.storage.journal.whenFull == .serve)
        #expect(all.logging.bodies.maxBytes == 1_000 && all.stream.keepAlive == .zero)
    }

    @Test func `what is kept is a length of time of a day or more, or forever`() throws {
        let retention = try settings("storage: {retention: {requests: forever, minutes: 1d12h}}").storage.retention
        #expect(retention.requests == .forever && retention.minutes == .limited(.seconds(129_600)))
        #expect(retention.hours.duration == .seconds(400 * 86_400) && retention.days.duration == nil)
        for text in ["1h", "0", "ever", "400", "-1d"] {
            #expect(throws: ConfigurationErrors.self) { try settings("storage: {retention: {requests: \(text)}}") }
        }
    }

    @Test(arguments: ["https://sira.example.com", "http://10.0.0.1:8080", "https://[::1]:8443"])
    func `an origin is where clients reach the gateway`(_ origin: String) throws {
        let read = try settings("server: {public_url: '\(origin)'}\nadmin: {sign_in: {public_url: '\(origin)'}}")
        #expect(read.server.publicURL == origin)
        #expect(read.admin.signIn.publicURL == origin)
    }

    @Test(arguments: [
        "*", "sira.example.com", "ftp://sira", "https://sira/", "https://sira/v1", "https://a@sira", "https://sira?x",
        "https://", "https://sira:0",
    ])
    func `what has more or less than an origin is refused`(_ text: String) {
        #expect(problems("server: {public_url: '\(text)'}").contains("is not an origin"))
    }

    @Test func `prices are exact`() throws {
        let prices = try settings("models: {m: {price: {input: 0.1, output: 0.000000001, per_request: 1234.5}}}")
        let price = try #require(prices.models["m"]?.price)
        #expect(price.input?.nanos == 100_000_000)
        #expect(price.output?.nanos == 1)
        #expect(price.perRequest?.nanos == 1_234_500_000_000)
        #expect(price.cacheRead == nil)
    }

    @Test func `what YAML takes for a truth or a number stays text where text is asked for`() throws {
        let read = try settings("aliases: {no: off, 1.10: true}\nproviders: {x: {variables: {v: 1.10}}}")
        #expect(read.aliases == ["no": "off", "1.10": "true"])
        #expect(read.providers["x"]?.variables["v"] == "1.10")
    }

    @Test func `the environment goes before the file`() throws {
        let read = try settings(
            "server: {address: 127.0.0.1:1}\nlogging: {level: error}",
            [
                "SIRA_API_ADDRESS": ":9", "SIRA_ADMIN_ADDRESS": "[::1]:10", "SIRA_DATA_DIR": "/d",
                "SIRA_ADMIN_TOKEN": "t", "SIRA_LOG_LEVEL": "debug",
            ]
        )
        #expect(read.server.address.description == "0.0.0.0:9")
        #expect(read.admin.address.description == "[::1]:10")
        #expect(read.admin.token?.reveal() == "t")
        #expect(read.storage.directory == "/d")
        #expect(read.logging.level == .debug)
    }

    @Test func `a wrong variable is named`() {
        #expect(
            problems("", ["SIRA_LOG_LEVEL": "loud"])
                == "environment variable SIRA_LOG_LEVEL: logging.level: \"loud\" is not one of trace, debug, info, "
                + "notice, warning, error, critical"
        )
        #expect(problems("", ["SIRA_LOG_LEVEL": ""]) == "")
    }

    @Test func `paths begin at the directory of the file`() throws {
        let text = "server: {tls: {certificate: a.pem, key: /b.pem}}\nstorage: {directory: ./data}"
        let there = try Settings.parse(text, file: "/etc/sira/sira.yaml")
        #expect(there.server.tls?.certificate == "/etc/sira/a.pem")
        #expect(there.server.tls?.key == "/b.pem")
        #expect(there.storage.directory == "/etc/sira/data")
        #expect(try Settings.parse("", file: "/etc/sira/sira.yaml").storage.directory == "/etc/sira/data")
        #expect(try settings(text).server.tls?.certificate == "a.pem")
        let environment = Environment(["SIRA_DATA_DIR": "state"])
        #expect(try Settings.parse(text, file: "/etc/sira.yaml", environment: environment).storage.directory == "state")
    }

    @Test func `the file is the one that is named, else the one of the environment`() throws {
        try withTemporaryDirectory { directory in
            try "limits: {concurrent_requests: 3}".write(
                toFile: directory + "/a.yaml",
                atomically: true,
                encoding: .utf8
            )
            let environment = Environment(["SIRA_CONFIG": directory + "/a.yaml"])
            #expect(try Settings.load(environment: environment).limits.concurrentRequests == 3)
            #expect(
                try Settings.load(path: directory + "/a.yaml", environment: Environment()).origin.file == directory
                    + "/a.yaml"
            )
            let missing = #expect(throws: ConfigurationErrors.self) {
                try Settings.load(path: directory + "/b.yaml", environment: environment)
            }
            #expect(missing?.description == "\(directory)/b.yaml: the configuration file does not exist")
            #expect(throws: ConfigurationErrors.self) { try Settings.load(path: directory, environment: environment) }
        }
    }

    @Test func `a file that is too large or not text is refused`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/a.yaml"
            try Data(repeating: 0x23, count: 1_000_001).write(to: URL(fileURLWithPath: path))
            let large = #expect(throws: ConfigurationErrors.self) {
                try Settings.load(path: path, environment: Environment())
            }
            #expect(large?.description.hasSuffix("is larger than 1 MB") == true)
            try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
            let binary = #expect(throws: ConfigurationErrors.self) {
                try Settings.load(path: path, environment: Environment())
            }
            #expect(binary?.description.hasSuffix("is not UTF-8 text") == true)
        }
    }

    @Test func `a provider or model without fields is one with defaults`() throws {
        let read = try settings("providers:\n  openai:\nmodels: {m: ~}")
        #expect(read.providers == ["openai": ProviderSettings()] && read.models == ["m": ModelSettings()])
    }

    @Test func `a problem is one line, whatever the names in the file`() {
        let found = problems("\"a\\nb\\e[31m\": 1\nproviders: {\"x\\r\\ny\": {}}\nserver: {address: \"\\u2028\"}")
        #expect(found.split(whereSeparator: \.isNewline).count == 3)
        #expect(!found.unicodeScalars.contains("\u{1B}"))
    }

    @Test func `later problems are placed where the value is written, or near it`() throws {
        let read = try settings("providers:\n  mine:\n    protocol: openai\n")
        #expect(read.origin.problem(at: "providers.mine.protocol", "x").place == .init(line: 3, column: 5))
        #expect(read.origin.problem(at: "providers.mine.base_url", "x").place == .init(line: 2, column: 3))
        #expect(read.origin.problem(at: "models.m", "x").place == nil)
    }
}
