import Testing

@testable import SiraConfiguration

@Suite struct SettingTreeTests {
    /// The message with which a text is refused; empty when it is read.
    private func refusal(_ text: String) -> String {
        do throws(SettingTree.Problem) {
            _ = try SettingTree.parse(text)
            return ""
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("a: [1,\nb: x", "1:4"), ("server:\n  address: \"x", "2:12"), ("a: {b: 1", "1:4"), ("a: b\nc", "2:2"),
        ("a: b: c", "1:5"), ("a:\n- b\n c: d\n\n\n", "3:3"),
    ])
    func `a text that is not YAML is wrong on a line that it has`(_ text: String, place: String) {
        do throws(SettingTree.Problem) {
            _ = try SettingTree.parse(text)
            Issue.record("it was read")
        } catch {
            #expect(error.place.map { "\($0.line):\($0.column)" } == place)
        }
    }

    @Test func `aliases of aliases do not grow without bound`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let references = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(references)]\n"
        }
        #expect(refusal(text) == "the aliases come to too many values")
    }

    @Test(arguments: [
        "? *a\n: b", "[*a]: b", "{x: *a}: b", "*a : b", "- ? [*a]", "k: {[*a]: b}", "?\t*a\n: b", "k: {?[*a]: b}",
        "k: [*a : b]", "&k [*a]: b", "k: [[*a]:b]",
    ])
    func `keys made of aliases are refused before they are compared`(_ key: String) {
        #expect(refusal("a: &a [x]\n" + key).contains("keys must be plain names"))
    }

    @Test(arguments: [
        "a: &a 1\nb: *a", "a: &a {x: 1}\nb: {<<: *a, y: 2}", "a: &a [1]\nb: [*a, *a]", "b: '*'", "b: [\"*\", 'c: d']",
        "a: \"what? *x* yes\"", "a: &a 1\nb: [*a]\nc: \"[::1]:80\"\nd: what? no", "a: &a 1\nb: {c: *a, d: *a}",
    ])
    func `common uses of aliases and stars are not`(_ text: String) {
        #expect(refusal(text) == "")
    }

    @Test func `deep nesting is refused, not overflowed`() {
        #expect(refusal(String(repeating: "[", count: 100_000)) != "")
        #expect(refusal(String(repeating: "- ", count: 5_000)) != "")
        #expect(refusal(String(repeating: "[", count: 40) + String(repeating: "]", count: 40)) == "nested too deeply")
    }

    @Test(arguments: ["[*a, 1, *b]", "[*a, ~]", "[[*a]]"])
    func `a list under a merge key holds mappings only`(_ list: String) {
        let text = "x: {a: &a {p: 1}, b: &b {q: 2}, c: {<<: \(list)}}"
        #expect(throws: SettingTree.Problem.self) { try SettingTree.parse(text) }
    }

    @Test func `merged fields give way to those that are written`() throws {
        let text = "providers: {a: &a {models: [x], auth: none}, b: {<<: [*a, {auth: bearer}], models: [y]}}"
        let read = try settings(text)
        #expect(read.providers["b"]?.models == ["y"])
        #expect(read.providers["b"]?.auth == ProviderAuth.none)
    }

    @Test(arguments: ["", "a", "a:", "a: b", "0123456789abc: x"])
    func `short texts are read`(_ text: String) throws {
        _ = try SettingTree.parse(text)
    }
}
