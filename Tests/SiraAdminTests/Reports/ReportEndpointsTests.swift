import Foundation
import SiraAdmin
import SiraCatalog
import SiraCore
import SiraLimits
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct ReportEndpointsTests {
    private let bench: APIBench
    private let source: AdminSource

    init() throws {
        bench = try APIBench()
        source = bench.source(with: ReportEndpoints(try bench.reports()).all)
    }

    /// A team with a project of its own.
    private func team(_ name: String, in organization: String) async throws -> (team: String, project: String) {
        let team = try await bench.make(.team, #"{"name":"\#(name)","organization":"\#(organization)"}"#)
        return (team, try await bench.make(.project, #"{"name":"\#(name)","team":"\#(team)"}"#))
    }

    private func book(_ number: UInt64, _ place: (team: String, project: String), key: String) async throws -> RequestID
    {
        var record = UsageRecord(request: RequestID(high: 1, low: number), startedAt: bench.clock.gateway.now())
        (record.team, record.project, record.key) = (place.team, place.project, key)
        (record.provider, record.model) = ("openai", "gpt-4o")
        record.cost = NanoUSD(nanos: 1_000)
        _ = try await bench.database.usage.insert([record])
        return record.request
    }

    @Test func `a key that has moved brings nothing of what it did before`() async throws {
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let (old, new) = (try await team("old", in: organization), try await team("new", in: organization))
        let body = Array(#"{"name":"k","project":"\#(new.project)"}"#.utf8)
        let key = try await bench.desk.createKey(from: body, by: bench.owner).kept.id
        _ = try await book(1, old, key: key)
        _ = try await book(2, new, key: key)
        let token = try await bench.token(#"[{"role":"developer","scope":"team:\#(new.team)"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            for path in ["/usage?key=\(key)", "/usage?team=\(new.team)"] {
                let total = try await client.api("GET", path, token: token).object["total"] as? [String: Any]
                #expect(total?["requests"] as? Int == 1, "\(path)")
            }
            #expect(try await client.api("GET", "/requests?key=\(key)", token: token).data.count == 1)
            #expect(try await client.api("GET", "/requests?key=\(key)").data.count == 2)
        }
    }

    @Test func `who sees one part is told of that`() async throws {
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let mine = try await team("mine", in: organization)
        let token = try await bench.token(#"[{"role":"developer","scope":"team:\#(mine.team)"}]"#)
        try await withAdmin(AdminSettings(), source) { client in
            for path in ["/usage", "/usage?model=gpt-4o", "/forecast", "/anomalies"] {
                let answer = try await client.api("GET", path, token: token)
                #expect(answer.status == 200 && answer.object["scope"] as? String == "team:\(mine.team)", "\(path)")
            }
        }
    }

    @Test func `who sees several parts has to ask for something in one`() async throws {
        let organization = try await bench.make(.organization, #"{"name":"A"}"#)
        let (mine, other) = (try await team("mine", in: organization), try await team("other", in: organization))
        let more = try await team("more", in: organization)
        let roles = [mine, more].map { #"{"role":"developer","scope":"team:\#($0.team)"}"# }.joined(separator: ",")
        let token = try await bench.token("[\(roles)]")
        try await withAdmin(AdminSettings(), source) { client in
            for (query, status) in [
                ("", 403), ("team=\(mine.team)", 200), ("project=\(mine.project)", 200), ("team=\(other.team)", 403),
                ("organization=\(organization)", 403), ("project=\(mine.project)&team=\(other.team)", 403),
                ("organization=\(organization)&team=\(mine.team)", 200), ("model=gpt-4o", 403), ("user=u", 403),
            ] {
                for path in ["/usage"] {
                    let answer = try await client.api("GET", "\(path)?\(query)", token: token)
                    #expect(answer.status == status, "\(path)?\(query)")
                }
            }
            for path in ["/advice", "/queue"] {
                let answer = try await client.api("GET", path, token: token)
                #expect(answer.status == 403)
            }
            let correction = #"{"request":"\#(RequestID(high: 1, low: 1))","reason":"r","cost_usd":"1"}"#
            #expect(try await client.api("POST", "/corrections", correction, token: token).status == 403)
        }
    }

    @Test func `a long time is not told by the minute`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            let span = "since=2026-01-01T00:00:00Z&until=2026-03-01T00:00:00Z"
            for (period, status) in [("minute", 400), ("hour", 200), ("day", 200)] {
                let answer = try await client.api("GET", "/usage?\(span)&period=\(period)")
                #expect(answer.status == status, "\(period)")
            }
            let minutes = "since=2026-01-01T00:00:00Z&until=2026-01-08T00:00:00Z&period=minute"
            #expect(try await client.api("GET", "/usage?\(minutes)").status == 200)
        }
    }

    @Test func `percentiles are left out where they are not wanted`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            for (query, isTold) in [("", true), ("?percentiles=true", true), ("?percentiles=false", false)] {
                let total = try await client.api("GET", "/usage\(query)").object["total"] as? [String: Any]
                #expect((total?["latency_us"] != nil) == isTold && total?["cost_usd"] != nil, "\(query)")
                #expect((total?["time_to_first_token_us"] != nil) == isTold, "\(query)")
            }
        }
    }

    @Test func `all that is wrong with a body is told at once`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            for (path, body, fields) in [
                ("/corrections", #"{"cost_usd":"x","color":1}"#, ["color", "cost_usd", "reason", "request"]),
                ("/roi", #"{"hr":1.5,"br":"a"}"#, ["br", "c_unit_usd", "hr", "n_raw"]),
                ("/replay", #"{"scope":"team:*","substitutions":{"a":"b/c"}}"#, ["scope", "substitutions.a"]),
                ("/reconciliation", #"{"provider":"openai","format":"tsv","content":""}"#, ["format"]),
            ] {
                let answer = try await client.api("POST", path, body)
                #expect(answer.status == 422, "\(path)")
                let error = answer.object["error"] as? [String: Any]
                let told = (error?["fields"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
                #expect(Set(fields).isSubset(of: told), "\(path): \(told)")
            }
        }
    }

    @Test func `corrections of a request have numbers of their own and add up`() async throws {
        let id = try await book(7, ("", ""), key: "key_1")
        try await withAdmin(AdminSettings(), source) { client in
            for body in [
                #"{"request":"\#(id)","reason":"a","right_cost_usd":"3"}"#,
                #"{"request":"\#(id)","reason":"b","cost_usd":"-1"}"#,
            ] {
                let answer = try await client.api("POST", "/corrections", body)
                #expect(answer.status == 201)
            }
        }
        let records = try await bench.database.usage.records(of: id)
        #expect(records.map(\.attempt) == [1, 2, 3])
        #expect(records.map(\.isCorrection) == [false, true, true])
        #expect(records.reduce(.zero) { $0 + ($1.cost ?? .zero) } == NanoUSD(nanos: 2_000_000_000))
    }

    @Test func `no two operations have the same name or the same path`() async throws {
        let endpoints = AdminEndpoints.all(try #require(source.api))
        #expect(Set(endpoints.map(\.name)).count == endpoints.count)
        #expect(Set(endpoints.map { "\($0.method) \($0.path)" }).count == endpoints.count)
    }
}
