import SiraHealth
import SiraRouting
import SiraSignals
import Testing

@testable import SiraConfiguration

@Suite struct RoutingSettingsTests {
    @Test func `the defaults are those of the policies`() throws {
        let routing = try settings("").routing
        #expect(ResiliencePolicy(routing) == ResiliencePolicy())
        #expect(FirstTokenPolicy(routing.firstToken) == FirstTokenPolicy())
        #expect(routing.health == HealthPolicy())
        #expect(routing.auto.models.isEmpty)
    }

    @Test func `everything that is said of health reaches its policy`() throws {
        let health = try RouteSettingsTests.full().routing.health
        var expected = HealthPolicy()
        expected.window = .seconds(30)
        expected.minimumAttempts = 20
        expected.errorRate = 0.25
        expected.latency = .seconds(10)
        expected.consecutiveFailures = 0
        expected.cooldown = .seconds(1)
        expected.longestCooldown = .seconds(60)
        expected.halfOpenAttempts = 3
        expected.halfOpenSuccesses = 4
        expected.probeInterval = nil
        expected.rateLimitCooldown = .seconds(20)
        #expect(health == expected)
    }

    @Test func `everything that is said of attempts reaches their policy`() throws {
        let policy = ResiliencePolicy(try RouteSettingsTests.full().routing)
        var expected = ResiliencePolicy()
        expected.retry.attempts = 5
        expected.retry.attemptsPerDeployment = 3
        expected.retry.backoff = .milliseconds(100)
        expected.retry.longestBackoff = .seconds(2)
        expected.retry.budgetShare = 0.1
        expected.retry.budgetFloor = 0
        expected.firstToken.limit = .fixed(.seconds(20))
        expected.firstToken.shortest = .seconds(1)
        expected.firstToken.longest = .seconds(30)
        #expect(policy == expected)
    }

    @Test func `records of choices are kept for a time or not at all`() throws {
        #expect(try RouteSettingsTests.full().routing.decisions.keep == nil)
        #expect(try settings("routing: {decisions: {keep: 1d}}").routing.decisions.keep == .seconds(86_400))
    }

    @Test func `only the tiers that have a list are replaced`() throws {
        let auto = try settings("routing: {auto: {economy: [a, b], long: [c], quality: []}}").routing.auto
        #expect(auto.models == [.economy: ["a", "b"], .long: ["c"]])
        #expect(try RouteSettingsTests.full().routing.auto.models.count == 4)
    }

    @Test func `what the operator says of providers and models is read`() throws {
        let read = try RouteSettingsTests.full()
        #expect(read.providers["mine"]?.region == "eu" && read.providers["mine"]?.hasZeroRetention == true)
        #expect(read.models["m"]?.quality == 0.75)
        #expect(ProviderSettings().region == nil && !ProviderSettings().hasZeroRetention)
        #expect(ModelSettings().quality == nil)
    }

    @Test func `fewer attempts than the usual number at one deployment are no contradiction`() {
        #expect(problems("routing: {retry: {attempts: 1}}\nroutes: {r: {targets: [m], retry: {attempts: 1}}}") == "")
    }
}
