import Testing

@testable import SiraAlerts

@Suite struct NoticeTextTests {
    /// COMBINING LONG SOLIDUS OVERLAY, VARIATION SELECTOR-16 and ZERO WIDTH JOINER: each makes one character with what
    /// stands before it.
    private static let marks = ["", "\u{338}", "\u{FE0F}", "\u{200D}"]

    @Test(arguments: marks)
    func `what has a meaning is escaped whatever mark is joined to it`(mark: String) {
        #expect(NoticeText.html("a<\(mark)b>\(mark)&\(mark)\"\(mark)'\(mark)") == "a&lt;\(mark)b&gt;\(mark)&amp;\(mark)&quot;\(mark)&#39;\(mark)")
        #expect(NoticeText.slack("<\(mark)!channel>\(mark)&\(mark)") == "&lt;\(mark)!channel&gt;\(mark)&amp;\(mark)")
        for letter in "*_`[]<>#@~" {
            let scalars = NoticeText.markdown("x\(letter)\(mark)y").unicodeScalars
            #expect(!scalars.contains { String($0) == String(letter) }, "\(letter)")
            #expect(scalars.count == 3 + mark.unicodeScalars.count)
        }
    }
}
