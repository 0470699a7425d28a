import Logging
import SiraAdmin
import SiraCore
import SiraHealth
import SiraRouting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct HealthControlTests {
    private let memory = RoutingMemory()
    private let recorder = Recorder()

    private func control() throws -> HealthControl {
        let world = try world(
            "providers: {openai: {api_key: k}, mine: {protocol: openai, base_url: 'http://h', models: [m]}}"
        )
        let recorder = recorder
        return HealthControl(
            memory: memory,
            clock: GatewayClock(now: { Timestamp(microseconds: 0) }, uptime: { 1_000_000_000_000 }),
            logger: Logger(label: "test") { _ in RecordingHandler(recorder: recorder) },
            directory: { world.directory }
        )
    }

    @Test func `a deployment that nobody has asked for yet is drained by its id`() throws {
        let control = try control()
        try control.source.carryOut(HealthOrder(.drain, .deployment("mine/m"), reason: "why"))
        #expect(memory.health.known(deployment: "mine/m")?.isDrained == true)
        #expect(control.ailments() == ["mine": ["m: drained: why"]])
        #expect(control.overview().deployments.map(\.id) == ["mine/m"])
        try control.source.carryOut(HealthOrder(.resume, .deployment("mine/m")))
        #expect(memory.health.known(deployment: "mine/m")?.isDrained == false)
        #expect(control.ailments().isEmpty)
        #expect(recorder.lines.withLock { $0 } == ["notice: taken out of use", "notice: taken into use again"])
    }

    @Test func `a provider is drained with all that is its, and only as a whole resumed`() throws {
        let control = try control()
        try control.source.carryOut(HealthOrder(.drain, .provider("mine")))
        #expect(control.ailments() == ["mine": ["drained"]])
        #expect(throws: HealthOrderError.providerIsDrained("mine")) {
            try control.source.carryOut(HealthOrder(.resume, .deployment("mine/m")))
        }
        try control.source.carryOut(HealthOrder(.resume, .provider("mine")))
        #expect(control.overview().accesses.allSatisfy { $0.drainReason == nil })
    }

    @Test func `names that lead nowhere are refused with those that are near, and nothing is logged`() throws {
        let control = try control()
        let id = HealthOrder.Target.deployment("openai/gpt-4p")
        do {
            try control.source.carryOut(HealthOrder(.drain, id))
            Issue.record("it was carried out")
        } catch {
            guard case .unknown(id, let near) = error else { throw error }
            #expect(near.contains("openai/gpt-4o"))
        }
        #expect(throws: HealthOrderError.unknown(.provider("opena"), near: ["openai"])) {
            try control.source.carryOut(HealthOrder(.drain, .provider("opena")))
        }
        #expect(throws: HealthOrderError.self) {
            try control.source.carryOut(HealthOrder(.drain, .deployment("nobody/m")))
        }
        #expect(recorder.lines.withLock { $0.isEmpty })
        #expect(memory.health.deployments().isEmpty)
    }

    @Test func `what routes have had to do is told`() throws {
        var policy = DegradationPolicy()
        policy.requestsPerMinute = 1
        let now: UInt64 = 1_000_000_000_000
        _ = memory.loads.isOver(policy, route: "main", at: now)
        memory.loads.note(NanoUSD(nanos: 7), route: "main", at: now)
        let routes = try control().overview().routes
        #expect(routes.map(\.name) == ["main"])
        #expect(routes.map(\.requests) == [1] && routes.map(\.cost.nanos) == [7])
    }
}
