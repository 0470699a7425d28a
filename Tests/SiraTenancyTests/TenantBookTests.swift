import SiraCore
import SiraJSON
import SiraTenancy
import Testing

@Suite struct TenantBookTests {
    static let now = Timestamp(microseconds: 1_795_000_000_000_000)

    /// Documents as a store holds them.
    private func document(_ kind: ResourceKind, _ id: String, _ json: String) -> ResourceDocument {
        ResourceDocument(kind: kind, id: id, createdAt: Self.now, updatedAt: Self.now, json: Array(json.utf8))
    }

    private var tenants: [ResourceDocument] {
        [
            document(.organization, "org_a", #"{"name":"A","tags":["paid","x"],"prepaid":true}"#),
            document(
                .team,
                "team_a",
                #"{"name":"T","organization":"org_a","department":"R&D","weight":3,"tags":["x"]}"#
            ),
            document(.project, "proj_a", #"{"name":"P","team":"team_a","tags":["cc1"]}"#),
        ]
    }

    private func key(_ project: String) -> APIKey {
        var key = APIKey.issue(name: "k", tags: ["own", "x"], at: Self.now).key
        key.project = project
        return key
    }

    @Test func `a key is counted for itself and all that it belongs to`() {
        let key = key("proj_a")
        let standing = TenantBook(tenants, at: Self.now).standing(of: key)
        #expect((standing.organization, standing.team, standing.project) == ("org_a", "team_a", "proj_a"))
        #expect(standing.tags == ["own", "x", "department:R&D", "cc1", "paid"])
        let tenants: [Scope] = [
            Scope(.key, key.id), Scope(.project, "proj_a"), Scope(.team, "team_a"), Scope(.organization, "org_a"),
        ]
        #expect(standing.scopes == tenants + standing.tags.map { Scope(.tag, $0) } + [.gateway])
        #expect((standing.shareholder, standing.weight) == ("team_a", 3))
        #expect(standing.isPrepaid && standing.suspension == nil)
    }

    @Test func `a key without a project stands alone`() {
        for project in ["", "proj_gone"] {
            let key = key(project)
            let standing = TenantBook(tenants, at: Self.now).standing(of: key)
            #expect((standing.organization, standing.team, standing.project) == ("", "", ""))
            #expect((standing.shareholder, standing.weight, standing.isPrepaid) == (key.id, 1, false))
        }
    }

    @Test func `requests of a suspended organization are not served`() {
        let documents = tenants.dropFirst() + [document(.organization, "org_a", #"{"name":"A","active":false}"#)]
        let standing = TenantBook(Array(documents), at: Self.now).standing(of: key("proj_a"))
        #expect(standing.suspension?.contains("suspended") == true)
    }

    @Test func `the narrowest price counts, and a name goes before a pattern`() throws {
        let rules = [
            document(.priceRule, "price_1", #"{"scope":"gateway","multiplier":"2"}"#),
            document(.priceRule, "price_2", #"{"scope":"team:team_a","multiplier":"3","models":["gpt-*"]}"#),
            document(
                .priceRule,
                "price_3",
                #"{"scope":"team:team_a","multiplier":"4","models":["gpt-5"],"per_request_usd":"1"}"#
            ),
            document(.priceRule, "price_4", #"{"scope":"team:team_b","multiplier":"9"}"#),
        ]
        let standing = TenantBook(tenants + rules, at: Self.now).standing(of: key("proj_a"))
        let cost = try #require(NanoUSD(decimal: "0.000000003"))
        #expect(standing.charge(for: cost, model: "claude", isRequest: true).nanos == 6)
        #expect(standing.charge(for: cost, model: "gpt-4", isRequest: true).nanos == 9)
        #expect(standing.charge(for: cost, model: "gpt-5", isRequest: true).nanos == 1_000_000_012)
        #expect(standing.charge(for: cost, model: "gpt-5", isRequest: false).nanos == 12)
    }

    @Test func `charges are rounded half to even`() {
        var rule = PriceRule()
        rule.multiplier = 500_000_000
        #expect(
            [1, 2, 3, 5, -1, -3].map { rule.charge(for: NanoUSD(nanos: $0), isRequest: false).nanos } == [
                0, 1, 2, 2, 0, -2,
            ]
        )
    }

    @Test func `a budget in another currency is kept in dollars, at the latest rate that holds`() throws {
        let budget = document(.budget, "bud_a", #"{"scope":"gateway","amount":"71","currency":"CNY"}"#)
        func rate(_ id: String, _ date: String, _ rate: String) -> ResourceDocument {
            document(.exchangeRate, id, #"{"currency":"CNY","date":"\#(date)","rate":"\#(rate)"}"#)
        }
        let rates = [
            rate("rate_1", "2025-01-01", "8"), rate("rate_2", "2026-01-01", "7.1"), rate("rate_3", "2027-01-01", "1"),
        ]
        let book = TenantBook([budget] + rates, at: Self.now)
        #expect(book.budgets.first?.amount == NanoUSD(decimal: "10"))
        let without = TenantBook([budget], at: Self.now)
        #expect(without.budgets.isEmpty && without.problems.count == 1)
    }

    @Test func `what cannot be read is told and the rest holds`() {
        let documents = tenants + [document(.limit, "lim_a", "{}"), document(.user, "user_a", "nonsense")]
        let book = TenantBook(documents, at: Self.now)
        #expect(book.problems.count == 2)
        #expect(book.projects.count == 1)
    }

    @Test func `a tenant lies in what it belongs to, and what is not there in the gateway alone`() {
        let book = TenantBook(tenants, at: Self.now)
        let project: [Scope] = [
            Scope(.project, "proj_a"), Scope(.team, "team_a"), Scope(.organization, "org_a"), .gateway,
        ]
        #expect(book.lineage(of: Scope(.project, "proj_a")) == project)
        for scope in [Scope(.project, "proj_b"), Scope(.organization, "*"), Scope(.model, "m"), .gateway] {
            #expect(book.lineage(of: scope) == [.gateway])
        }
    }

    @Test func `who is not active may do nothing`() {
        func user(_ active: Bool) -> Authority {
            let json =
                #"{"name":"U","email":"u@x.de","active":\#(active),"roles":[{"role":"owner","scope":"gateway"}]}"#
            return TenantBook([document(.user, "user_a", json)], at: Self.now)
                .authority(of: ResourceReference(kind: .user, id: "user_a"))
        }
        #expect(user(true) == .owner)
        #expect(user(false) == .none)
        #expect(TenantBook.empty.authority(of: ResourceReference(kind: .user, id: "user_a")) == .none)
    }
}
