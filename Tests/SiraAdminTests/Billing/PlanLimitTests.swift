import SiraAdmin
import SiraBilling
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTesting
import SiraTenancy
import Testing

@Suite struct PlanLimitTests {
    private let bench: BillingBench
    private let organization: String
    private let team: String
    private let project: String

    init() async throws {
        bench = try BillingBench()
        let plan = try await bench.make(.plan, #"{"name":"Small","keys":2,"projects":2,"users":1}"#)
        organization = try await bench.make(.organization, #"{"name":"A","plan":"\#(plan)"}"#)
        team = try await bench.make(.team, #"{"name":"t","organization":"\#(organization)"}"#)
        project = try await bench.make(.project, #"{"name":"p","team":"\#(team)"}"#)
    }

    private func key(_ project: String?) async throws -> String {
        let place = project.map { #","project":"\#($0)""# } ?? ""
        return try await bench.desk.createKey(from: Array(#"{"name":"k"\#(place)}"#.utf8), by: bench.owner).kept.id
    }

    private func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch DeskError.planLimit(let words) {
            return words
        } catch {
            return "\(error)"
        }
    }

    private func user(_ mail: String, _ roles: String) async throws -> String {
        try await bench.make(.user, #"{"name":"U","email":"\#(mail)@x.de","roles":\#(roles)}"#)
    }

    private var here: String { #"[{"role":"developer","scope":"organization:\#(organization)"}]"# }

    @Test func `a key too many is refused, and made once another is revoked`() async throws {
        let first = try await key(project)
        _ = try await key(project)
        let words = await refusal { _ = try await key(project) }
        #expect(
            words == "The plan Small allows 2 keys, and the organization \(organization) has 2: revoke one, or put the "
                + "organization on a larger plan."
        )
        _ = try await key(nil)
        _ = try await bench.desk.revokeKey(first, by: bench.owner)
        _ = try await key(project)
    }

    @Test func `a key that moves in counts, and one that stays may be changed`() async throws {
        let first = try await key(project)
        _ = try await key(project)
        let outside = try await key(nil)
        let words = await refusal { try await bench.change(.key, outside, #"{"project":"\#(project)"}"#) }
        #expect(words.contains("allows 2 keys"))
        try await bench.change(.key, first, #"{"name":"other"}"#)
    }

    @Test func `a key that had expired counts again when it is given more time`() async throws {
        let until = bench.clock.now.advanced(by: .seconds(5)).description
        let body = Array(#"{"name":"k","project":"\#(project)","expires_at":"\#(until)"}"#.utf8)
        let brief = try await bench.desk.createKey(from: body, by: bench.owner).kept.id
        bench.clock.advance(by: .seconds(10))
        _ = try await key(project)
        _ = try await key(project)
        let words = await refusal { try await bench.change(.key, brief, #"{"expires_at":null}"#) }
        #expect(words.contains("allows 2 keys"))
    }

    @Test func `projects and users are counted, each in its organization`() async throws {
        _ = try await bench.make(.project, #"{"name":"q","team":"\#(team)"}"#)
        let projects = await refusal { _ = try await bench.make(.project, #"{"name":"r","team":"\#(team)"}"#) }
        #expect(projects.contains("The plan Small allows 2 projects"))
        _ = try await user("a", here)
        #expect(await refusal { _ = try await user("b", here) }.contains("allows 1 users"))
        let other = try await user("c", "[]")
        #expect(await refusal { try await bench.change(.user, other, #"{"roles":\#(here)}"#) }.contains("1 users"))
    }

    @Test func `an organization without a plan, or on a larger one, may have more`() async throws {
        _ = try await user("a", here)
        try await bench.change(.organization, organization, #"{"plan":null}"#)
        _ = try await user("b", here)
        let large = try await bench.make(.plan, #"{"name":"Large","users":3}"#)
        try await bench.change(.organization, organization, #"{"plan":"\#(large)"}"#)
        _ = try await user("c", here)
        #expect(await refusal { _ = try await user("d", here) }.contains("Large allows 3 users"))
    }

    @Test func `of many that ask at once no more are made than the plan allows`() async throws {
        let made = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<12 { group.addTask { (try? await key(project)) == nil ? 0 : 1 } }
            return await group.reduce(0, +)
        }
        #expect(made == 2)
        #expect(try await bench.database.keys.allKeys().count == 2)
    }

    @Test func `features without an effect are refused by name`() async throws {
        let words = await refusal { _ = try await bench.make(.plan, #"{"name":"X","features":["cache"]}"#) }
        #expect(words.contains("features") && words.contains("savings_reports"))
        #expect(
            await refusal { _ = try await bench.make(.plan, #"{"name":"X","retention_days":7}"#) }.contains("retention")
        )
    }

    @Test func `savings are told to an organization's own people where its plan opens them`() async throws {
        let reader = Author(
            actor: "reader",
            authority: Authority(
                [RoleBinding(role: BuiltInRole.billing.rawValue, scope: Scope(.organization, organization))],
                roles: [:]
            )
        )
        _ = try await bench.make(.plan, #"{"name":"More","price_usd":"5","features":["savings_reports"]}"#)
        do {
            _ = try await bench.call("get_savings_share", ["id": organization], by: reader)
            Issue.record("it was told")
        } catch let error as EndpointError {
            #expect(error.status == 403 && error.code == "plan_feature" && error.message.contains("More"))
        }
        _ = try await bench.call("get_savings_share", ["id": organization])
    }
}
