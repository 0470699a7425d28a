import SiraCore
import SiraExperiments
import Testing

@testable import SiraConfiguration

@Suite struct StarterFileTests {
    /// The starter file with every field in force.
    static let uncommented = Settings.starterFile.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard let mark = line.firstIndex(of: "#"), line[line.index(after: mark)...].first?.isLetter == true else {
            return String(line)
        }
        return String(line[..<mark] + line[line.index(after: mark)...])
    }.joined(separator: "\n")

    @Test func `as it is, it gives the defaults`() throws {
        #expect(try settings(Settings.starterFile) == Settings())
    }

    @Test func `with every field in force it is valid, and what it shows as defaults are the defaults`() throws {
        let all = try settings(
            Self.uncommented,
            [
                "OPENAI_API_KEY": "a", "SIRA_ADMIN_TOKEN": "b", "STRIPE_SECRET_KEY": "c", "STRIPE_WEBHOOK_SECRET": "d",
                "SMTP_PASSWORD": "e",
            ]
        )
        let defaults = Settings()
        #expect(all.server.limits == defaults.server.limits)
        #expect(all.server.address == defaults.server.address)
        #expect(all.server.withoutKeys == defaults.server.withoutKeys)
        #expect(all.server.drainTimeout == defaults.server.drainTimeout)
        #expect(all.server.cors.maxAge == defaults.server.cors.maxAge)
        #expect(all.server.tls?.minimumVersion == .tls13)
        #expect(all.admin.address == defaults.admin.address)
        #expect(all.limits == defaults.limits)
        #expect(all.storage == defaults.storage)
        #expect(all.logging == defaults.logging)
        #expect(all.stream == defaults.stream)
        #expect(all.routing.retry == defaults.routing.retry && all.routing.health == defaults.routing.health)
        #expect(all.routing.firstToken == defaults.routing.firstToken)
        #expect(all.routing.decisions == defaults.routing.decisions)
        #expect(all.routes["support"]?.strategy == .blend && all.routes["support"]?.rules.count == 1)
        #expect(all.experiments["newer-model"]?.canary == CanaryPolicy())
        #expect(all.providers["openai"]?.timeouts == ProviderSettings().timeouts)
        #expect(all.models["house-model"]?.price?.cacheWrite1h?.nanos == 5_000_000_000)
    }

    @Test func `no line is longer than a hundred characters`() {
        for line in Settings.starterFile.split(separator: "\n") { #expect(line.count <= 105, "\(line)") }
    }
}
