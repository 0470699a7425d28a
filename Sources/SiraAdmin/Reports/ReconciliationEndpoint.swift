import SiraCore
import SiraInsight
import SiraJSON
import SiraStorage
import SiraTenancy

/// Compares a provider's export with the ledger.
struct ReconciliationEndpoint: Sendable {
    let source: ReportSource

    private static let formats = ["openai_costs", "openai_usage", "anthropic_usage", "anthropic_cost", "csv"]
    private static let fields: [(name: String, schema: JSONSchema)] = [
        (
            "provider",
            JSONSchema.text(1...100).described("Whose export it is, as the configuration names the provider.")
        ),
        ("format", .word(formats)),
        ("content", JSONSchema.anything.described("The export: the pages as JSON, or the text of the file.")),
        ("columns", ReportSchemas.loose("For csv: which column holds what, where the names are others.")),
        ("keys", JSONSchema.list(.text(1...200)).described("The provider's ids of the keys that the gateway uses.")),
    ]

    var endpoint: Endpoint {
        Endpoint(
            .post,
            "/reconciliation",
            name: "reconcile",
            tag: "usage",
            "Compare a provider's export with the ledger",
            access: .gateway(Permission(.usage, .read)),
            answer: ReportSchemas.loose("By day and model: both sides, the drift and its likely causes.")
        ) { request in
            EndpointReply(try await report(request.body))
        }.with {
            $0.details = "docs/reconciliation.md tells what can be read, and what the causes mean."
            $0.bodyLimit = 64 << 20
            $0.body = .object(Self.fields, optional: ["columns", "keys"])
        }
    }

    private struct Asked {
        var (provider, keys) = ("", Set<String>())
        var export = UsageImport()
    }

    private func report(_ body: [UInt8]) async throws -> [UInt8] {
        let asked = try ReportBody.read(body, Self.fields.map(\.name)) { body in
            var asked = Asked()
            for name in ["provider", "format", "content"] where body[name] == nil { body.problem(name, "is missing") }
            asked.provider = body.text("provider") ?? ""
            if let list = body["keys"] { asked.keys = Set(list.elements.compactMap(\.string)) }
            guard let format = Self.format(&body), let content = body["content"] else { return asked }
            let text = content.string.map { Array($0.utf8) } ?? content.rawJSON.bytes
            do throws(UsageImportError) {
                asked.export = try format.read(text)
            } catch {
                body.problem("content", "cannot be read: \(error)")
            }
            return asked
        }
        var reconciliation = Reconciliation(provider: asked.provider, catalog: source.catalog())
        reconciliation.gatewayKeys = asked.keys
        let own = try await OwnUsageLine.read(source.rollups, of: asked.provider, on: asked.export.days)
        var json = JSONWriter(capacity: 8_192)
        json.object { reconciliation.report(asked.export, against: own).write(to: &$0) }
        return json.bytes
    }

    private static func format(_ body: inout ReportBody) -> UsageExport? {
        guard let name = body.text("format") else { return nil }
        if name == "csv" { return columns(&body).map { .csv($0) } }
        if let format = UsageExport(name) { return format }
        body.problem("format", "must be one of \(formats.joined(separator: ", "))")
        return nil
    }

    private static func columns(_ body: inout ReportBody) -> UsageColumns? {
        var columns = UsageColumns()
        guard let json = body["columns"] else { return columns }
        for (key, value) in json.members {
            let name = key.string ?? ""
            guard let text = value.string ?? value.bool.map({ "\($0)" }), columns.set(name, text) else {
                body.problem(
                    "columns.\(name)",
                    "is not understood; there are \(UsageColumns.settings.joined(separator: ", "))"
                )
                return nil
            }
        }
        return columns
    }
}
