import SiraJSON
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct ResourceTypeTests {
    struct Document: Sendable, CustomStringConvertible {
        let type: ResourceType
        var description: String { type.kind.rawValue }
    }

    static let documents = ResourceType.all.map { Document(type: $0) }

    @Test(arguments: documents) func `what is written is read as the same`(_ document: Document) throws {
        var (random, count) = (SeededRandom(seed: 21), 0)
        for _ in 0..<600 {
            let text = RandomField(isWild: false).object(document.type.outlines, using: &random)
            guard let value = try read(text, document.type) else { continue }
            count += 1
            #expect(try read(String(decoding: value.stored, as: UTF8.self), document.type)?.stored == value.stored)
            let patched = try JSONIndexer().read(Array("{}".utf8)) { try value.patched(with: $0) }
            #expect(patched.stored == value.stored)
            // What is told of it can be sent back.
            var shown = JSONWriter()
            shown.object { value.write(to: &$0, showingSecrets: false) }
            #expect(try JSONIndexer().read(shown.bytes) { try value.patched(with: $0) }.stored == value.stored)
        }
        #expect(count > 50, "so few are right that little is shown: \(count)")
    }

    @Test(arguments: documents) func `garbage is refused with the fields' names`(_ document: Document) throws {
        var random = SeededRandom(seed: 22)
        for _ in 0..<600 {
            let text = RandomField(isWild: true).object(document.type.outlines, using: &random)
            do {
                _ = try JSONIndexer().read(Array(text.utf8)) { try document.type.read($0) }
            } catch let error as FieldProblems {
                #expect(!error.problems.isEmpty)
            }
        }
    }

    private func read(_ text: String, _ type: ResourceType) throws -> (any Resource)? {
        try JSONIndexer().read(Array(text.utf8)) { json in
            do throws(FieldProblems) { return try type.read(json) } catch { return nil }
        }
    }
}

/// Makes JSON that looks like fields, or like nothing.
private struct RandomField {
    let isWild: Bool

    /// Values of fields whose form their shape does not tell.
    private static let samples: [String: [String]] = [
        "email": [#""anna@example.com""#], "billing_email": [#""a@b.co""#], "currency": [#""USD""#, #""CNY""#],
        "scope": [#""gateway""#, #""team:team_a""#, #""key:key_1""#, #""user:*""#, #""project:proj_1""#],
        "permissions": [#"["keys:write"]"#, #"["audit:read","usage:read"]"#],
        "roles": [#"[{"role":"admin"},{"role":"role_1","scope":"team:team_1"}]"#, "[]"],
        "owner": [#""user_1""#, #""svc_1""#, "null"], "rolling_hours": ["null", "24"], "soft_model": ["null", #""m""#],
        "soft_at_percent": ["null", "85"], "warn_at_percent": ["[50,90]"], "amount": ["5", #""5""#],
        "amount_usd": ["null", #""2.5""#], "burst": ["null", "3"], "tags": [#"["a","ü"]"#, "[]"],
        "allowed_models": [#"["gpt-*","*"]"#], "models": [#"["a"]"#], "allowed_addresses": [#"["10.0.0.0/8","::1"]"#],
        "rate": [#""7.1043""#], "multiplier": [#""1.2""#, "2"],
        "override": ["null", #"{"extra":"1","until":"2027-01-01","reason":"r"}"#],
        "date": [#""2026-01-01""#], "expires_at": [#""2026-11-21T08:00:00Z""#, "null"],
    ]

    func object(_ outlines: [FieldOutline], using random: inout SeededRandom) -> String {
        var members: [String] = []
        for outline in outlines where outline.isRequired || Bool.random(using: &random) {
            members.append("\"\(outline.name)\":\(value(outline, using: &random))")
        }
        if isWild, Bool.random(using: &random) { members.append("\"strange\":1") }
        return "{" + members.joined(separator: ",") + "}"
    }

    private func value(_ outline: FieldOutline, using random: inout SeededRandom) -> String {
        if isWild, Int.random(in: 0..<3, using: &random) == 0 { return wild(using: &random) }
        if let samples = Self.samples[outline.name] {
            return samples[Int.random(in: 0..<samples.count, using: &random)]
        }
        return shaped(outline.shape, using: &random)
    }

    private func shaped(_ shape: FieldShape, using random: inout SeededRandom) -> String {
        switch shape {
        case .text(let length, _):
            "\"" + String(repeating: "é", count: min(length.upperBound / 2, max(1, length.lowerBound))) + "\""
        case .word(let words): "\"\(words[Int.random(in: 0..<words.count, using: &random)])\""
        case .integer(let range): String(Int64.random(in: range, using: &random))
        case .money: "\"\(Int.random(in: 1...99, using: &random)).5\""
        case .boolean: Bool.random(using: &random) ? "true" : "false"
        case .reference(let kind): "\"\(kind.exampleID)\""
        case .list(let element, let count):
            "[" + (0..<max(1, count.lowerBound)).map { _ in shaped(element, using: &random) }.joined(separator: ",")
                + "]"
        case .object(let outlines): object(outlines, using: &random)
        }
    }

    private func wild(using random: inout SeededRandom) -> String {
        let values = [
            "null", "true", "-1", "1e400", "99999999999999999999", "0.0000000000001", "\"\"", "[]", "{}", "[[[]]]",
            #"["",1,null]"#, #"[{"role":1}]"#, #""\u0000""#, #"":::""#, #""gateway:x""#, #""team:""#,
            "-9223372036854775808", #""-0""#, #""9223372036.854775807""#, #""9999999999999""#, #""0000-00-00""#,
            #""275760-09-13T00:00:00Z""#, #""∞""#, "\"" + String(repeating: "x", count: 5_000) + "\"",
        ]
        return values[Int.random(in: 0..<values.count, using: &random)]
    }
}
