import SiraJSON
import SiraTenancy

/// Fields as they are given on the command line: `name=Search`, `weight=2`, `tags=a,b`, `override=null`.
struct FieldArguments {
    let outlines: [FieldOutline]

    /// The JSON object that the arguments mean.
    ///
    /// - Throws: ``CommandFailure`` for an argument that is none.
    func body(_ arguments: [String]) throws -> [UInt8] {
        var json = JSONWriter()
        var seen: Set<String> = []
        try json.object { json in
            for argument in arguments {
                let (name, text) = try Self.halves(argument)
                guard seen.insert(name).inserted else { throw CommandFailure("\(name) is given twice.") }
                json.key(dynamic: name)
                let outline = outlines.first { $0.name == name }
                if text == "null" { json.null() } else { try Self.write(text, outline?.shape, of: name, to: &json) }
            }
        }
        return json.bytes
    }

    /// The arguments as names and texts, for filters.
    func filter(_ arguments: [String]) throws -> [String: String] {
        var filter: [String: String] = [:]
        for argument in arguments {
            let (name, text) = try Self.halves(argument)
            let outline = outlines.first { $0.name == name }
            guard let outline, !outline.isSecret, outline.shape.isScalar else {
                let names = outlines.filter { $0.shape.isScalar && !$0.isSecret }.map(\.name).joined(separator: ", ")
                throw CommandFailure("\"\(name)\" is no field to look for; there are \(names).")
            }
            filter[name] = text
        }
        return filter
    }

    private static func halves(_ argument: String) throws -> (name: String, text: String) {
        let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2, !halves[0].isEmpty else {
            throw CommandFailure("\"\(argument)\" is no field: write field=value, such as name=Search.")
        }
        return (halves[0].split(separator: "-").joined(separator: "_"), halves[1])
    }

    private static func write(_ text: String, _ shape: FieldShape?, of name: String, to json: inout JSONWriter) throws {
        switch shape {
        case .list(let element, _):
            if text.hasPrefix("[") { return json.element(try document(text, of: name)) }
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            try json.array { list in
                for part in parts { try write(String(part), element, of: name, to: &list) }
            }
        case .object: json.element(try document(text, of: name))
        case .integer, .boolean:
            // What is neither goes as text, and the field says what it wants.
            if text == "true" || text == "false" || Int64(text) != nil {
                json.element(RawJSON(text))
            } else {
                json.element(text)
            }
        case .text, .word, .money, .reference, nil: json.element(text)
        }
    }

    private static func document(_ text: String, of name: String) throws -> RawJSON {
        do {
            return try JSONIndexer().read(Array(text.utf8)) { $0.rawJSON }
        } catch {
            throw CommandFailure("\(name) must be JSON: \(error).")
        }
    }

    /// The fields with what they are for, for help.
    var help: String {
        let width = outlines.map(\.name.count).max() ?? 0
        return outlines.map { outline in
            let notes = [outline.isRequired ? "required" : nil, outline.isFixed ? "stays as it was made" : nil]
                .compactMap { $0 }.joined(separator: ", ")
            let padding = String(repeating: " ", count: width - outline.name.count)
            let summary = outline.summary.split(separator: "\n").joined(separator: " ")
            return "  \(outline.name)\(padding)  \(summary)\(notes.isEmpty ? "" : " (\(notes))")"
        }.joined(separator: "\n")
    }
}

extension FieldShape {
    /// Whether it is one value rather than several.
    var isScalar: Bool {
        switch self {
        case .list, .object: false
        case .text, .word, .integer, .money, .boolean, .reference: true
        }
    }
}
