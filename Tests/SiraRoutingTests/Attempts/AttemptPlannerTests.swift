import SiraCatalog
import SiraCore
import SiraRouting
import SiraTesting
import SiraWire
import Testing

@Suite struct AttemptPlannerTests {
    private let failed = GatewayError(.upstreamFailed, "boom", upstreamStatus: 503)

    @Test func `another deployment is asked at once, and only then the first again`() throws {
        var bench = try Planning(["a", "b"])
        #expect(bench.ask() == 0)
        #expect(bench.next(failed, of: 0) == .ask(1, after: .zero))
        guard case .ask(0, let wait) = bench.next(failed, of: 1) else {
            Issue.record("not asked again")
            return
        }
        #expect(wait <= .milliseconds(200))
    }

    @Test func `a deployment that is ill is passed over, and asked when all others have failed`() throws {
        var bench = try Planning(["a", "b", "c"])
        bench.unavailable = [0, 1]
        #expect(bench.ask() == 2)
        guard case .ask(2, _) = bench.next(failed, of: 2) else {
            Issue.record("who is well is asked again before those who are ill")
            return
        }
        guard case .ask(0, _) = bench.next(failed, of: 2) else {
            Issue.record("no last resort")
            return
        }
        var last = try Planning(["a", "b"])
        last.unavailable = [0, 1]
        #expect(last.ask() == 0, "a request is better tried than refused")
    }

    @Test func `in place of one that may not be asked the next is chosen, and it is asked no more`() throws {
        var bench = try Planning(["a", "b", "c"])
        _ = bench.ask()
        #expect(bench.next(failed, of: 0) == .ask(1, after: .zero))
        #expect(bench.next(insteadOf: 1, failed, of: 0) == .ask(2, after: .zero))
        for _ in 0..<3 {
            guard case .ask(let index, _) = bench.next(failed, of: 2) else { break }
            #expect(index != 1)
        }
    }

    @Test func `no deployment is asked more often than allowed, and no request more often in all`() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var policy = RetryPolicy()
            policy.attempts = Int.random(in: 1...6, using: &random)
            policy.attemptsPerDeployment = Int.random(in: 1...3, using: &random)
            let count = Int.random(in: 1...5, using: &random)
            var bench = try Planning((0..<count).map { "p\($0)" }, policy, seed: seed)
            var asked = [Int](repeating: 0, count: count)
            var index = bench.ask()
            asked[index] += 1
            while case .ask(let next, let wait) = bench.next(bench.anyFailure(), of: index) {
                #expect(wait <= policy.longestBackoff + policy.longestBackoff)
                asked[next] += 1
                index = next
            }
            #expect(asked.reduce(0, +) <= policy.attempts)
            #expect(asked.allSatisfy { $0 <= policy.attemptsPerDeployment }, "seed \(seed)")
        }
    }

    @Test func `what is asked again is paid for, and what is asked first is not`() throws {
        var bench = try Planning(["a", "b"])
        bench.budget = 0
        _ = bench.ask()
        #expect(bench.next(failed, of: 0) == .ask(1, after: .zero))
        #expect(bench.next(failed, of: 1) == .giveUp)
        var again = try Planning(["a"])
        again.budget = 1
        _ = again.ask()
        guard case .ask(0, _) = again.next(failed, of: 0) else {
            Issue.record("not asked again")
            return
        }
        #expect(again.budget == 0)
    }

    @Test func `waits double, are spread by chance, and keep to what the provider asks for`() throws {
        var policy = RetryPolicy()
        (policy.attempts, policy.attemptsPerDeployment) = (20, 20)
        var waits: [Duration] = []
        var bench = try Planning(["a"], policy, seed: 3)
        _ = bench.ask()
        for _ in 0..<8 {
            guard case .ask(0, let wait) = bench.next(failed, of: 0) else {
                Issue.record("gave up")
                return
            }
            waits.append(wait)
        }
        for (place, wait) in waits.enumerated() {
            #expect(wait <= min(policy.longestBackoff, policy.backoff * (1 << place)))
        }
        #expect(Set(waits).count == waits.count)
        bench.unavailable = [0]
        var limited = GatewayError(.upstreamRateLimited, "slow down", retryAfter: 2, upstreamStatus: 429)
        guard case .ask(0, let wait) = bench.next(limited, of: 0) else {
            Issue.record("did not wait")
            return
        }
        #expect(wait >= .seconds(2))
        limited.retryAfter = 60
        #expect(bench.next(limited, of: 0) == .giveUp, "nobody waits so long for an answer")
    }

    @Test func `another key of the same deployment is tried at once, where there is one`() throws {
        let refused = GatewayError(.upstreamAuthentication, "bad key", upstreamStatus: 401)
        var bench = try Planning(["a"])
        _ = bench.ask()
        #expect(bench.next(refused, of: 0) == .ask(0, after: .zero))
        var only = try Planning(["a"])
        _ = only.ask()
        only.unavailable = [0]
        #expect(only.next(refused, of: 0) == .giveUp, "the same key is refused again")
    }

    @Test func `what the client did wrong is told the client`() throws {
        var bench = try Planning(["a", "b"])
        _ = bench.ask()
        #expect(bench.next(GatewayError(.upstreamRejected, "no such parameter", upstreamStatus: 400), of: 0) == .giveUp)
        var missing = try Planning(["a", "b"])
        _ = missing.ask()
        let unknown = GatewayError(.upstreamRejected, "the model does not exist", upstreamStatus: 404)
        #expect(missing.next(unknown, of: 0) == .ask(1, after: .zero), "the other one may have the model")
    }

    @Test(arguments: [
        ("This model's maximum context length is 8192 tokens.", RefusalCause.contextLength),
        ("prompt is too long: 210000 tokens > 200000 maximum", .contextLength),
        (
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
            .contentFilter
        ),
        ("系统检测到输入或生成内容可能包含不安全或敏感内容", .contentFilter),
    ])
    func `a prompt that is too long, or not wanted, goes to the models for that and no others`(
        words: String,
        cause: RefusalCause
    ) throws {
        let error = GatewayError(.upstreamRejected, words, upstreamStatus: 400)
        var plan = try Planning.plan(["a", "b"])
        plan.fallbacks.onContextLength = try Planning.plan(["long"]).candidates
        plan.fallbacks.onContentFilter = try Planning.plan(["lenient"]).candidates
        var bench = Planning(plan)
        _ = bench.ask()
        #expect(bench.next(error, of: 0) == .ask(2, after: .zero))
        let expected = cause == .contextLength ? "long/small" : "lenient/small"
        #expect(bench.planner.candidates[2].deployment.id == expected)
        #expect(bench.next(error, of: 2) == .giveUp)
        #expect(RefusalCause(of: GatewayError(.upstreamRejected, "temperature must be below 2")) == nil)
    }

    @Test func `fallbacks follow when all of the plan's own have failed`() throws {
        var plan = try Planning.plan(["a"])
        plan.fallbacks.general = try Planning.plan(["b", "a"]).candidates
        var bench = Planning(plan)
        #expect(bench.ask() == 0)
        #expect(bench.next(failed, of: 0) == .ask(1, after: .zero))
        #expect(bench.planner.candidates[1].deployment.id == "b/small")
    }

    @Test func `who took too long is not asked again, since it may still be at work`() throws {
        var bench = try Planning(["a"])
        _ = bench.ask()
        #expect(bench.next(GatewayError(.upstreamTimeout, "late"), of: 0) == .giveUp)
        var unreached = GatewayError(.upstreamTimeout, "no connection in time")
        unreached.mayHaveBeenSent = false
        var other = try Planning(["a"])
        _ = other.ask()
        guard case .ask(0, _) = other.next(unreached, of: 0) else {
            Issue.record("not asked again")
            return
        }
    }

    @Test func `after the deadline, and where the wait would end behind it, nothing more is asked`() throws {
        var plan = try Planning.plan(["a", "b"])
        plan.resilience.deadline = .seconds(3)
        var bench = Planning(plan)
        _ = bench.ask()
        bench.elapsed = .seconds(4)
        #expect(bench.next(failed, of: 0) == .giveUp)
        var waiting = Planning(plan)
        _ = waiting.ask()
        _ = waiting.next(failed, of: 0)
        waiting.elapsed = .seconds(2)
        let limited = GatewayError(.upstreamRateLimited, "slow down", retryAfter: 4, upstreamStatus: 429)
        waiting.unavailable = [0, 1]
        #expect(waiting.next(limited, of: 1) == .giveUp)
    }
}

/// A planner and the world that it asks.
private struct Planning {
    var planner: AttemptPlanner
    var unavailable: Set<Int> = []
    var budget = 1_000
    var elapsed = Duration.zero
    var random: SeededRandom

    init(_ plan: Plan, seed: UInt64 = 1) {
        planner = AttemptPlanner(plan)
        random = SeededRandom(seed: seed)
    }

    init(_ names: [String], _ policy: RetryPolicy = RetryPolicy(), seed: UInt64 = 1) throws {
        var plan = try Self.plan(names)
        plan.resilience.retry = policy
        self.init(plan, seed: seed)
    }

    static func plan(_ names: [String]) throws -> Plan {
        var overrides = CatalogOverrides()
        for name in names {
            var provider = ProviderOverride(id: name)
            provider.baseURL = "https://\(name).test/v1"
            provider.wire = .openai
            provider.auth = .bearer
            overrides.providers.append(provider)
        }
        let catalog = try Catalog(providers: [], models: []).applying(overrides)
        let accesses = try catalog.providers.map { try ProviderAccess(provider: $0, keys: [Secret("key")]) }
        let directory = Directory(catalog: catalog, accesses: accesses)
        return Plan(candidates: try names.flatMap { try directory.passage(to: $0, model: "small").candidates })
    }

    mutating func ask() -> Int {
        let first = planner.first(isAvailable: isAvailable) ?? -1
        planner.noteAsked(first)
        return first
    }

    /// Whether a candidate is not among the ``unavailable``.
    private var isAvailable: (Candidate) -> Bool {
        { [unavailable, all = planner.candidates] candidate in
            !unavailable.contains { all[$0].deployment === candidate.deployment }
        }
    }

    mutating func next(_ error: GatewayError, of index: Int) -> AttemptPlanner.Step {
        var left = budget
        let surroundings = AttemptPlanner.Surroundings(
            isAvailable: isAvailable,
            withdraw: {
                guard left > 0 else { return false }
                left -= 1
                return true
            },
            elapsed: elapsed
        )
        let step = planner.next(after: error, of: index, wasSent: true, surroundings, using: &random)
        budget = left
        if case .ask(let next, _) = step { planner.noteAsked(next) }
        return step
    }

    /// The choice in place of a candidate that may not be asked after all.
    mutating func next(insteadOf chosen: Int, _ error: GatewayError, of index: Int) -> AttemptPlanner.Step {
        let surroundings = AttemptPlanner.Surroundings(
            isAvailable: isAvailable,
            withdraw: { true },
            elapsed: elapsed
        )
        let step = planner.next(insteadOf: chosen, after: error, of: index, surroundings, using: &random)
        if case .ask(let next, _) = step { planner.noteAsked(next) }
        return step
    }

    /// One of the ways to fail after which something may be done.
    mutating func anyFailure() -> GatewayError {
        let codes: [ErrorCode] = [
            .upstreamFailed, .upstreamUnreachable, .upstreamRateLimited, .upstreamInterrupted, .upstreamTimeout,
            .upstreamProtocol, .upstreamAuthentication,
        ]
        return GatewayError(codes.randomElement(using: &random) ?? .upstreamFailed, "failed", upstreamStatus: 500)
    }
}
