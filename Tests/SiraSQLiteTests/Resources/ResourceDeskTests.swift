import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraSQLite

@Suite struct ResourceDeskTests {
    private let directory: TemporaryDirectory
    private let database: SQLiteDatabase
    private let desk: ResourceDesk
    private let clock = VirtualClock()
    private let owner = Author(actor: "owner", address: "10.0.0.1", reason: "because", authority: .owner)

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
        desk = ResourceDesk(
            resources: database.resources,
            keys: database.keys,
            tokens: database.tokens,
            clock: clock.gateway
        )
    }

    private func make(_ kind: ResourceKind, _ json: String, by author: Author? = nil) async throws -> String {
        try await desk.create(kind, from: Array(json.utf8), by: author ?? owner).id
    }

    /// An organization, a team in it and a project in that.
    private func tenants(_ name: String) async throws -> (organization: String, team: String, project: String) {
        let organization = try await make(.organization, #"{"name":"\#(name)"}"#)
        let team = try await make(.team, #"{"name":"t","organization":"\#(organization)"}"#)
        return (organization, team, try await make(.project, #"{"name":"p","team":"\#(team)"}"#))
    }

    private func author(_ role: BuiltInRole, in scope: Scope) -> Author {
        Author(actor: "test", authority: Authority([RoleBinding(role: role.rawValue, scope: scope)], roles: [:]))
    }

    private func problems(_ body: () async throws -> Void) async -> [String] {
        do {
            try await body()
            return []
        } catch DeskError.invalid(let problems) {
            return problems.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `what is made can be seen, changed and removed, and the trail tells of it`() async throws {
        let organization = try await make(.organization, #"{"name":"A"}"#)
        let id = try await make(.team, #"{"name":"Search","organization":"\#(organization)"}"#)
        clock.advance(by: .seconds(5))
        let changed = try await desk.change(.team, id, with: Array(#"{"weight":3}"#.utf8), by: owner)
        #expect(changed.version == 2 && changed.updatedAt == clock.now)
        #expect((changed.value as? Team)?.weight == 3)
        let same = try await desk.change(.team, id, with: Array(#"{"weight":3}"#.utf8), by: owner)
        #expect(same.version == 2, "a change that changes nothing is none")
        try await desk.remove(.team, id, version: 2, by: owner)
        await #expect(throws: DeskError.missing(kind: "team", id: id)) {
            try await desk.resource(.team, id, for: owner)
        }
        let entries = try await database.audit.entries(AuditFilter())
        #expect(entries.map(\.action) == ["team.delete", "team.update", "team.create", "organization.create"])
        #expect(entries.allSatisfy { $0.actor == "owner" && $0.address == "10.0.0.1" && $0.reason == "because" })
        #expect(String(decoding: entries[1].changes, as: UTF8.self) == #"{"weight":[1,3]}"#)
    }

    @Test func `a name is one team's in its organization, and others' elsewhere`() async throws {
        let (first, second) = (try await tenants("A"), try await tenants("B"))
        #expect(first.team != second.team)
        await #expect(throws: DeskError.taken(FieldProblem("name", "another team has the same"))) {
            _ = try await make(.team, #"{"name":"T","organization":"\#(first.organization)"}"#)
        }
        _ = try await make(.user, #"{"name":"U","email":"a@x.de"}"#)
        await #expect(throws: DeskError.taken(FieldProblem("email", "another user has the same"))) {
            _ = try await make(.user, #"{"name":"V","email":"A@X.de"}"#)
        }
    }

    @Test func `what is wrong is told by field`() async throws {
        #expect(await problems { _ = try await make(.team, #"{"name":""}"#) }.count == 2)
        #expect(
            await problems { _ = try await make(.team, #"{"name":"t","organization":"org_x"}"#) }
                == ["organization: there is no organization org_x"]
        )
        await #expect(throws: DeskError.self) { _ = try await make(.team, "{") }
        let foreign = #"{"scope":"gateway","amount":"5","currency":"CNY"}"#
        #expect(
            await problems { _ = try await make(.budget, foreign) }.first?.hasPrefix("currency: there is no") == true
        )
        let rate = try await make(.exchangeRate, #"{"currency":"CNY","date":"2025-01-01","rate":"7.1"}"#)
        let budget = try await make(.budget, foreign)
        await #expect(throws: DeskError.inUse(by: ResourceReference(kind: .budget, id: budget))) {
            try await desk.remove(.exchangeRate, rate, by: owner)
        }
        try await desk.remove(.budget, budget, by: owner)
        try await desk.remove(.exchangeRate, rate, by: owner)
    }

    @Test func `an older version changes nothing`() async throws {
        let id = try await make(.organization, #"{"name":"A"}"#)
        _ = try await desk.change(.organization, id, with: Array(#"{"name":"B"}"#.utf8), version: 1, by: owner)
        await #expect(throws: DeskError.changed(2)) {
            try await desk.change(.organization, id, with: Array(#"{"name":"C"}"#.utf8), version: 1, by: owner)
        }
        await #expect(throws: DeskError.changed(2)) { try await desk.remove(.organization, id, version: 1, by: owner) }
    }

    @Test func `changes at the same time are all carried out`() async throws {
        let id = try await make(.organization, #"{"name":"A"}"#)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for field in ["prepaid", "active"] {
                group.addTask {
                    let patch = Array(#"{"\#(field)":\#(field == "prepaid")}"#.utf8)
                    _ = try await desk.change(.organization, id, with: patch, by: owner)
                }
            }
            try await group.waitForAll()
        }
        let organization = try await desk.resource(.organization, id, for: owner).value as? Organization
        #expect(organization?.isPrepaid == true && organization?.isActive == false)
    }

    // MARK: keys

    @Test func `a key comes with its limits and its budget`() async throws {
        let project = try await tenants("A").project
        let body = #"{"name":"k","project":"\#(project)","budget_usd":"5","requests_per_minute":60,"concurrency":2}"#
        let issued = try await desk.createKey(from: Array(body.utf8), by: owner)
        #expect(issued.companions.map(\.kind) == [.limit, .limit, .budget])
        let book = try await desk.book()
        #expect(book.limits.allSatisfy { $0.scope == Scope(.key, issued.kept.id) })
        #expect(book.budgets.map(\.amount) == [NanoUSD(decimal: "5")])
        let ring = KeyRing(try await database.keys.allKeys())
        #expect(try ring.authenticate(issued.text.reveal(), at: clock.now).project == project)
        #expect(
            await problems {
                _ = try await desk.createKey(from: Array(#"{"budget_period":"day","rpm":1}"#.utf8), by: owner)
            }
            .count == 3
        )
    }

    @Test func `a key is changed, rotated and revoked by version`() async throws {
        let id = try await desk.createKey(from: Array(#"{"name":"k"}"#.utf8), by: owner).kept.id
        let changed = try await desk.change(.key, id, with: Array(#"{"priority":"batch"}"#.utf8), version: 1, by: owner)
        #expect(changed.version == 2 && changed.key?.priority == .batch)
        let rotated = try await desk.rotateKey(id, grace: .seconds(60), version: 2, by: owner)
        #expect(rotated.kept.version == 3)
        await #expect(throws: DeskError.changed(3)) { try await desk.revokeKey(id, version: 2, by: owner) }
        #expect(try await desk.revokeKey(id, by: owner).key?.revokedAt == clock.now)
        await #expect(throws: DeskError.self) { try await desk.rotateKey(id, grace: .zero, by: owner) }
        await #expect(throws: DeskError.self) { try await desk.remove(.key, id, by: owner) }
        let actions = try await database.audit.entries(AuditFilter()).map(\.action)
        #expect(actions == ["key.revoke", "key.rotate", "key.update", "key.create"])
        let trail = try await database.audit.entries(AuditFilter()).map { String(decoding: $0.changes, as: UTF8.self) }
        #expect(!trail.joined().contains(KeyText.prefix))
    }

    @Test func `more money for a while needs a reason, which the trail keeps`() async throws {
        let id = try await make(.budget, #"{"scope":"gateway","amount":"5"}"#)
        let body = Array(#"{"extra":"3","until":"2030-01-01","reason":"launch"}"#.utf8)
        let kept = try await desk.overrideBudget(id, with: body, by: owner)
        #expect((kept.value as? Budget)?.override?.extra == NanoUSD(decimal: "3"))
        let entry = try #require(try await database.audit.entries(AuditFilter()).first)
        #expect(entry.action == "budget.override" && entry.reason == "launch")
        let past = Array(#"{"extra":"3","until":"2020-01-01","reason":"launch"}"#.utf8)
        #expect(
            await problems { _ = try await desk.overrideBudget(id, with: past, by: owner) } == [
                "until: must be in the future"
            ]
        )
    }

    // MARK: who may

    @Test func `a role within a tenant sees and changes what lies in it, and nothing else`() async throws {
        let (mine, other) = (try await tenants("A"), try await tenants("B"))
        let admin = author(.admin, in: Scope(.team, mine.team))
        #expect(try await desk.page(ResourceQuery(.team), for: admin).items.map(\.id) == [mine.team])
        #expect(try await desk.page(ResourceQuery(.organization), for: admin).items.isEmpty)
        await #expect(throws: DeskError.missing(kind: "project", id: other.project)) {
            try await desk.resource(.project, other.project, for: admin)
        }
        let project = try await make(.project, #"{"name":"q","team":"\#(mine.team)"}"#, by: admin)
        _ = try await desk.change(.project, project, with: Array(#"{"name":"r"}"#.utf8), by: admin)
        for json in [#"{"name":"q","team":"\#(other.team)"}"#, #"{"name":"q","team":"team_none"}"#] {
            await #expect(throws: DeskError.self) { _ = try await make(.project, json, by: admin) }
        }
        // Keys: into the own project, not into another, and not out of it.
        let key = try await desk.createKey(from: Array(#"{"name":"k","project":"\#(project)"}"#.utf8), by: admin).kept
            .id
        for project in ["\"\(other.project)\"", "null"] {
            await #expect(throws: DeskError.self) {
                try await desk.change(.key, key, with: Array(#"{"project":\#(project)}"#.utf8), by: admin)
            }
        }
        let foreign = author(.admin, in: Scope(.team, other.team))
        #expect(try await desk.page(ResourceQuery(.key), for: foreign).items.isEmpty)
        await #expect(throws: DeskError.self) { try await desk.revokeKey(key, by: foreign) }
    }

    @Test func `whoever is bound by a rule sees it and does not change it`() async throws {
        let mine = try await tenants("A")
        let admin = author(.admin, in: Scope(.team, mine.team))
        let limit = try await make(.limit, #"{"scope":"team:\#(mine.team)","measure":"requests","amount":5}"#)
        #expect(try await desk.page(ResourceQuery(.limit), for: admin).items.map(\.id) == [limit])
        await #expect(throws: DeskError.self) { try await desk.remove(.limit, limit, by: admin) }
        await #expect(throws: DeskError.self) {
            try await desk.change(.team, mine.team, with: Array(#"{"weight":1000}"#.utf8), by: admin)
        }
        // What is below may be bound.
        _ = try await make(.limit, #"{"scope":"project:\#(mine.project)","measure":"requests","amount":5}"#, by: admin)
        for scope in ["gateway", "team:*", "model:gpt-5", "user:anna"] {
            await #expect(throws: DeskError.self) {
                _ = try await make(.limit, #"{"scope":"\#(scope)","measure":"requests","amount":5}"#, by: admin)
            }
        }
    }

    @Test func `nobody grants, changes or takes more than they have`() async throws {
        let mine = try await tenants("A")
        let admin = author(.admin, in: Scope(.organization, mine.organization))
        func roles(_ role: String, _ scope: String) -> String {
            #"{"name":"U","email":"\#(role)-\#(scope.count)@x.de","roles":[{"role":"\#(role)","scope":"\#(scope)"}]}"#
        }
        let developer = try await make(.user, roles("developer", "team:\(mine.team)"), by: admin)
        for (role, scope) in [("owner", "team:\(mine.team)"), ("developer", "gateway")] {
            await #expect(throws: DeskError.self) { _ = try await make(.user, roles(role, scope), by: admin) }
        }
        await #expect(throws: DeskError.self) {
            _ = try await make(.user, #"{"name":"U","email":"n@x.de"}"#, by: admin)
        }
        let mighty = try await make(.user, roles("owner", "project:\(mine.project)"))
        let holder = ResourceReference(kind: .user, id: mighty)
        let terms = Array(#"{"name":"t"}"#.utf8)
        await #expect(throws: DeskError.self) { try await desk.createToken(for: holder, from: terms, by: admin) }
        await #expect(throws: DeskError.self) {
            try await desk.change(.user, mighty, with: Array(#"{"active":false}"#.utf8), by: admin)
        }
        _ = try await desk.createToken(for: ResourceReference(kind: .user, id: developer), from: terms, by: admin)
        // A role is everyone's who has it.
        let gatewayAdmin = author(.admin, in: .gateway)
        await #expect(throws: DeskError.self) {
            _ = try await make(.role, #"{"name":"r","permissions":["billing:write"]}"#, by: gatewayAdmin)
        }
        _ = try await make(.role, #"{"name":"r","permissions":["keys:write"]}"#, by: gatewayAdmin)
    }

    @Test func `a token is its holder's for as long as both are good`() async throws {
        let user = try await make(.user, #"{"name":"U","email":"u@x.de","roles":[{"role":"auditor"}]}"#)
        let holder = ResourceReference(kind: .user, id: user)
        let terms = Array(#"{"name":"t","expires_at":"\#(clock.now.advanced(by: .seconds(60)))"}"#.utf8)
        let (token, text) = try await desk.createToken(for: holder, from: terms, by: owner)
        let author = try #require(try await desk.author(showing: text.reveal()))
        #expect(author.actor == "user:\(user)")
        #expect(author.authority.allows(Permission(.audit, .read), in: [.gateway]))
        _ = try await desk.change(.user, user, with: Array(#"{"active":false}"#.utf8), by: owner)
        #expect(try await desk.author(showing: text.reveal()) == nil)
        _ = try await desk.change(.user, user, with: Array(#"{"active":true}"#.utf8), by: owner)
        #expect(try await desk.author(showing: text.reveal()) != nil)
        clock.advance(by: .seconds(60))
        #expect(try await desk.author(showing: text.reveal()) == nil)
        let second = try await desk.createToken(for: holder, from: Array(#"{"name":"t"}"#.utf8), by: owner)
        _ = try await desk.revokeToken(second.token.id, of: holder, by: owner)
        #expect(try await desk.author(showing: second.text.reveal()) == nil)
        #expect(try await desk.tokens(of: holder, for: owner).map(\.id) == [second.token.id, token.id])
        #expect(try await desk.author(showing: "sira-nonsense") == nil)
    }

    @Test func `pages of what one may see are full and go on`() async throws {
        let (mine, other) = (try await tenants("A"), try await tenants("B"))
        for index in 0..<30 {
            let project = index % 3 == 0 ? mine.project : other.project
            _ = try await desk.createKey(from: Array(#"{"name":"k\#(index)","project":"\#(project)"}"#.utf8), by: owner)
            clock.advance(by: .seconds(1))
        }
        let author = author(.developer, in: Scope(.project, mine.project))
        for viewer in [author, owner] {
            var (query, seen) = (ResourceQuery(.key), [String]())
            query.limit = 4
            if viewer.actor == "owner" { query.fields = ["project": mine.project] }
            while true {
                let page = try await desk.page(query, for: viewer)
                seen += page.items.map { ($0.value as? KeyTerms)?.name ?? "" }
                guard page.hasMore else { break }
                #expect(page.items.count == 4)
                query.after = page.items.last?.id
            }
            #expect(seen == (0..<30).filter { $0 % 3 == 0 }.reversed().map { "k\($0)" })
        }
        var query = ResourceQuery(.key)
        query.after = "key_none"
        await #expect(throws: DeskError.self) { try await desk.page(query, for: owner) }
    }
}
