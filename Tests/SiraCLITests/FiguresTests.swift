import SiraCore
import Testing

@testable import SiraCLI

@Suite struct FiguresTests {
    @Test(arguments: [
        (2_500_000_000, "2.50"), (12_500, "0.0000125"), (0, "0.00"), (-1_000_000_000, "-1.00"), (1, "0.000000001"),
    ])
    func `dollars are exact, with at least two digits after the point`(nanos: Int64, text: String) {
        #expect(Figures.dollars(NanoUSD(nanos: nanos)) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_234, "-1,234")])
    func `counts have commas`(number: Int64, text: String) {
        #expect(Figures.count(number) == text)
    }

    @Test(arguments: [
        (8_191, "8191"), (128_000, "128k"), (1_000_000, "1M"), (1_500_000, "1.5M"), (1_048_576, "1048576"),
    ])
    func `round numbers of tokens are short`(number: Int, text: String) {
        #expect(Figures.tokens(number) == text)
    }

    @Test func `columns are as wide as their widest text`() {
        var table = TextTable("id", "#n")
        table.add("a", "10")
        table.add("long", "5")
        #expect(table.text == "ID     N\na     10\nlong   5")
    }
}
