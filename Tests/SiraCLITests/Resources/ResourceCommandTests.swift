import SiraSQLite
import SiraStorage
import SiraTenancy
import Testing

@testable import SiraCLI

@Suite struct ResourceCommandTests {
    @Test func `tenants are made, listed, changed and removed`() async throws {
        let session = try Session(environment: ["USER": "ada"])
        let made = await session.run("organizations", "create", "name=Acme", "tags=a,b", "--json")
        #expect(made.code == 0, "\(made.errors)")
        let organization = try #require(try made.object()["id"] as? String)
        let team = try await session.run(
            "teams",
            "create",
            "name=Search",
            "organization=\(organization)",
            "department=R&D",
            "weight=2",
            "--json"
        ).object()
        let id = try #require(team["id"] as? String)
        let list = await session.run("teams", "list")
        #expect(list.output.contains("Search") && list.output.contains("R&D") && list.output.contains(id))
        #expect(try await session.run("teams", "list", "weight=3", "--json").list().isEmpty)
        #expect(await session.run("teams", "update", "Search", "department=null", "tags=", "--reason", "r").code == 0)
        #expect(try await session.run("teams", "show", "Search", "--json").object()["department"] is String == false)
        let refused = await session.run("organizations", "delete", "Acme")
        #expect(refused.code == 1 && refused.errors.contains(id))
        #expect(await session.run("teams", "delete", id).code == 0)
        #expect(await session.run("organizations", "delete", "Acme").code == 0)
        let trail = try await session.run("audit", "list", "--json").list()
        #expect(trail.count == 5)
        #expect(trail.allSatisfy { $0["actor"] as? String == "command:ada" })
        #expect(trail[2]["reason"] as? String == "r")
        #expect(await session.run("audit", "verify").code == 0)
    }

    @Test func `values are what their fields are`() async throws {
        let session = try Session()
        let roles = #"roles=[{"role":"admin","scope":"gateway"}]"#
        let user = await session.run("users", "create", "name=A", "email=a@x.de", "active=false", roles, "--json")
        #expect(try user.object()["active"] as? Bool == false, "\(user.errors)")
        let limit = await session.run("limits", "create", "scope=gateway", "measure=spend", "amount_usd=2.50", "--json")
        #expect(try (limit.object()["amount_usd"] as? String)?.hasPrefix("2.5") == true, "\(limit.errors)")
        let rate = ["exchange-rates", "create", "currency=CNY", "date=2026-01-01", "rate=7.1"]
        #expect(await session.run(rate).code == 0)
        #expect(
            await session.run(
                "budgets",
                "create",
                "scope=gateway",
                "amount=5",
                "currency=CNY",
                "warn_at_percent=50,100"
            ).code == 0
        )
        #expect(await session.run("price-rules", "create", "scope=gateway", "multiplier=1.2", "models=gpt-*").code == 0)
        #expect(await session.run("roles", "create", "name=r", "permissions=keys:read,keys:write").code == 0)
        #expect(await session.run("service-accounts", "create", "name=ci", roles).code == 0)
    }

    @Test func `what is wrong is said by field`() async throws {
        let session = try Session()
        for (arguments, word) in [
            (["teams", "create", "name=x"], "organization"), (["teams", "create", "nonsense"], "field=value"),
            (["teams", "create", "name=x", "name=y"], "twice"), (["users", "create", "roles={"], "roles"),
            (["organizations", "create", "name=x", "color=red"], "color"),
            (["budgets", "create", "scope=gateway", "amount=5", "currency=EUR"], "exchange rate"),
        ] {
            let answer = await session.run(arguments)
            #expect(answer.code == 1 && answer.errors.contains(word), "\(arguments): \(answer.errors)")
        }
        let absent = await session.run("teams", "show", "Nobody")
        #expect(absent.code == 1 && absent.errors.contains("sira teams list"))
        #expect(await session.run("teams", "list", "tags=a").errors.contains("no field to look for"))
    }

    @Test func `help names the fields`() async throws {
        let session = try Session()
        let help = await session.run("budgets", "create", "--help")
        #expect(help.code == 0)
        for field in Budget.fields.map(\.outline.name) { #expect(help.output.contains(field), "\(field)") }
    }

    @Test func `a key is made with all that it entitles to, and changed`() async throws {
        let session = try Session()
        let organization = try #require(
            try await session.run("organizations", "create", "name=A", "--json").object()["id"] as? String
        )
        let team = try #require(
            try await session.run("teams", "create", "name=T", "organization=\(organization)", "--json").object()["id"]
                as? String
        )
        let project = try #require(
            try await session.run("projects", "create", "name=P", "team=\(team)", "--json").object()["id"] as? String
        )
        let made = await session.run(
            "keys",
            "create",
            "--name",
            "k",
            "--project",
            project,
            "--addresses",
            "10.0.0.0/8, ::1",
            "--priority",
            "batch",
            "--budget",
            "20",
            "--budget-period",
            "week",
            "--rpm",
            "60",
            "--tpm",
            "1000",
            "--concurrency",
            "4",
            "--json"
        )
        #expect(made.code == 0, "\(made.errors)")
        #expect((try made.object()["made"] as? [String])?.count == 4)
        let database = try session.database()
        let key = try #require(try await database.keys.allKeys().first)
        #expect(key.project == project && key.priority == .batch && key.allowedAddresses.count == 2)
        #expect(
            await session.run("keys", "update", "k", "priority=background", "allowed_models=gpt-*,claude").code == 0
        )
        let shown = try await session.run("keys", "show", "k", "--json").object()
        #expect(shown["priority"] as? String == "background" && (shown["allowed_models"] as? [String])?.count == 2)
        #expect(
            await session.run("keys", "create", "--name", "l", "--project", "proj_none").errors.contains("no project")
        )
        for wrong in [
            ["--project", "x"], ["--owner", "x"], ["--addresses", "x"], ["--priority", "x"], ["--rpm", "0"],
        ] {
            #expect(await session.run(["keys", "create", "--name", "l"] + wrong).code != 0, "\(wrong)")
        }
        #expect(await session.run("keys", "revoke", "k", "--reason", "leaked").code == 0)
        let trail = try await session.run("audit", "--action", "key.revoke", "--json").list()
        #expect(trail.first?["reason"] as? String == "leaked")
    }
}
