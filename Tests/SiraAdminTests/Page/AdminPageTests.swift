@testable import SiraAdmin
import Testing

@Suite struct AdminPageTests {
    @Test(
        arguments: [
            (nil, "en"), ("", "en"), ("en", "en"), ("zh", "zh-CN"), ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
            ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("de,zh;q=0.5,en;q=0.4", "zh-CN"), ("fr", "en"), ("zh;q=0,en", "en"),
            ("zh ; q=0.2 , en ; q=0.9", "en"), ("zh;q=x", "en"),
        ] as [(String?, String)]
    )
    func `the page opens in the reader's language`(header: String?, language: String) {
        #expect(AdminPage.language(header) == language)
        #expect(AdminPage.markup(acceptLanguage: header).contains("<html lang=\"\(language)\">"))
    }

    /// The keys of one language's part of the words, in order.
    func keys(_ part: Substring) -> [Substring] {
        part.matches(of: /"([A-Za-z_]+)": "/).map(\.output.1)
    }

    @Test func `both languages have the same words with the same blanks`() throws {
        let border = try #require(AdminPage.words.firstRange(of: #""zh-CN": {"#))
        let (english, chinese) = (AdminPage.words[..<border.lowerBound], AdminPage.words[border.upperBound...])
        #expect(keys(english) == keys(chinese))
        #expect(keys(english).count > 50)
        let blank = /\{[a-z]+\}/
        #expect(
            english.matches(of: blank).map(\.output).sorted() == chinese.matches(of: blank).map(\.output).sorted()
        )
    }

    @Test func `every word that the page names exists`() {
        let known = Set(keys(AdminPage.words[...]))
        let inDocument = AdminPage.document.matches(of: /data-t="(\w+)"/).map(\.output.1)
        let inScript = AdminPage.script.matches(of: /\bt\("(\w+)"/).map(\.output.1)
        #expect(Set(inDocument + inScript).subtracting(known) == [])
    }

    @Test func `nothing in the files needs what the content policy forbids`() {
        let files = [AdminPage.document, AdminPage.style, AdminPage.script, AdminPage.words].joined()
        #expect(!AdminPage.document.contains(/<script(?![^>]*src=)/))
        #expect(!AdminPage.document.contains(#/ on[a-z]+=/#))
        #expect(!AdminPage.document.contains(#/ style=/#))
        #expect(!files.contains("http://"))
        #expect(!files.contains("https://"))
        #expect(!AdminPage.script.contains(/innerHTML\s*=[^=]|insertAdjacentHTML|document\.write|eval\(/))
    }

    @Test func `everything that the page fetches is served`() {
        let named = AdminPage.document.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.output.1) }
        #expect(Set(named) == Set(AdminPage.assets.map(\.path)))
    }
}
