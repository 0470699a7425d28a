import Testing

@testable import SiraCLI

@Suite struct TextTableTests {
    @Test(arguments: [
        ("\u{1B}[2Jx", "\\u{1B}[2Jx"), ("a\nb", "a\\u{A}b"), ("a\r\nb", "a\\u{D}\\u{A}b"), ("\u{9B}31m", "\\u{9B}31m"),
        ("a\u{202E}b", "a\\u{202E}b"), ("modèle 模型", "modèle 模型"),
    ])
    func `what a terminal would obey is shown as an escape`(_ text: String, _ shown: String) {
        var table = TextTable("name")
        table.add(text)
        #expect(table.text == "NAME\n\(shown)")
    }
}
