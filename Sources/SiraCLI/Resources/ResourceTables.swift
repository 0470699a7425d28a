import SiraJSON
import SiraStorage
import SiraTenancy

/// Resources as people read them.
enum ResourceTables {
    /// A row for each; columns in which nothing stands are left out.
    static func list(_ kept: [KeptResource], _ outlines: [FieldOutline]) throws -> String {
        let rows = try kept.map { try cells($0) }
        let names = ["id"] + outlines.map(\.name) + ["created_at"]
        let shown = names.filter { name in name == "id" || rows.contains { !($0[name] ?? "").isEmpty } }
        var table = TextTable(titles: shown.map { $0.split(separator: "_").joined(separator: " ") })
        for row in rows { table.add(cells: shown.map { row[$0] ?? "" }) }
        return table.text
    }

    /// A line for each field.
    static func show(_ kept: KeptResource) throws -> String {
        var table = TextTable("field", "value")
        try JSONIndexer().read(kept.json) { json in
            for (key, value) in json.members { table.add(key.string ?? "", text(value)) }
        }
        return table.text
    }

    private static func cells(_ kept: KeptResource) throws -> [String: String] {
        try JSONIndexer().read(kept.json) { json in
            var cells: [String: String] = [:]
            for (key, value) in json.members { cells[key.string ?? ""] = text(value) }
            cells["created_at"] = kept.createdAt.minute
            return cells
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value.kind {
        case .null: ""
        case .string: value.string ?? ""
        case .array: value.elements.map(text).joined(separator: ",")
        case .bool, .number, .object: value.rawJSON.description
        }
    }
}
