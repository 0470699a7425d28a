import SiraCore
import SiraJSON
import SiraTenancy
import Testing

/// A group with a field of each sort.
private struct Sample: FieldGroup {
    var name = ""
    var fixed = "a"
    var weight = 1
    var note: String?
    var secret: Secret?

    init() {}

    static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...10), isRequired: true, "A name.")
        GroupField("fixed", \.fixed, .text(0...10), isFixed: true, "Stays.")
        GroupField("weight", \.weight, .integer(1...9), "A number.")
        GroupField("note", \.note, .text(0...10), "May be absent.")
        GroupField("secret", \.secret, .secret(), isSecret: true, "Is not shown.")
    }
}

@Suite struct FieldGroupTests {
    private func read(_ text: String) throws -> Sample {
        try JSONIndexer().read(Array(text.utf8)) { try Sample.read($0) }
    }

    private func problems(_ text: String, of value: Sample? = nil) -> [String] {
        do {
            try JSONIndexer().read(Array(text.utf8)) { json in
                _ = try value.map { try $0.patched(with: json) } ?? Sample.read(json)
            }
            return []
        } catch let problems as FieldProblems {
            return problems.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `fields that are not there keep their defaults`() throws {
        let sample = try read(#"{"name":"x"}"#)
        #expect((sample.fixed, sample.weight, sample.note) == ("a", 1, nil))
    }

    @Test func `all that is wrong is said at once`() {
        let found = problems(#"{"weight":10,"note":"0123456789a","color":1}"#)
        #expect(found.count == 4)
        #expect(found.contains("weight: must be a whole number from 1 to 9"))
        #expect(found.contains { $0.hasPrefix("color: is not a field here") })
        #expect(found.contains("name: is missing"))
        #expect(problems("[]") == ["must be a JSON object"])
    }

    @Test func `a patch changes what it names, and null takes away`() throws {
        let sample = try read(#"{"name":"x","note":"n","weight":5}"#)
        let patched = try JSONIndexer().read(Array(#"{"note":null,"weight":null}"#.utf8)) {
            try sample.patched(with: $0)
        }
        #expect((patched.name, patched.note, patched.weight) == ("x", nil, 1))
        #expect(problems(#"{"name":null}"#, of: sample) == ["name: must not be null"])
    }

    @Test func `what is fixed may be repeated and not changed`() throws {
        let sample = try read(#"{"name":"x","fixed":"b"}"#)
        #expect(problems(#"{"fixed":"b"}"#, of: sample).isEmpty)
        #expect(problems(#"{"fixed":"c"}"#, of: sample) == ["fixed: cannot be changed"])
    }

    @Test func `a secret is kept, and neither shown nor told in changes`() throws {
        let sample = try read(#"{"name":"x","secret":"hush"}"#)
        var shown = JSONWriter()
        shown.object { sample.write(to: &$0, showingSecrets: false) }
        #expect(!String(decoding: shown.bytes, as: UTF8.self).contains("hush"))
        #expect(String(decoding: sample.stored, as: UTF8.self).contains("hush"))
        let changes = String(decoding: Sample.changes(from: nil, to: sample), as: UTF8.self)
        #expect(changes.contains(#""secret":[null,"•••"]"#))
        #expect(!changes.contains("hush"))
        // Who sends back what was shown keeps it.
        let back = try JSONIndexer().read(shown.bytes) { try sample.patched(with: $0) }
        #expect(back == sample)
    }

    @Test func `changes tell what differs, before and after`() throws {
        let (old, new) = (try read(#"{"name":"x"}"#), try read(#"{"name":"y","note":"n"}"#))
        let text = String(decoding: Sample.changes(from: old, to: new), as: UTF8.self)
        #expect(text == #"{"name":["x","y"],"note":[null,"n"]}"#)
    }
}
