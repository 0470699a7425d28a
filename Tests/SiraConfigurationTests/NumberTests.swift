import Testing

@testable import SiraConfiguration

@Suite struct NumberTests {
    @Test(arguments: [
        ("5%", 0.05), ("0.05", 0.05), ("100%", 1), ("1", 1), ("0", 0), ("0%", 0), ("0.1%", 0.001), ("12.5 %", 0.125),
        ("7%", 0.07), ("150%", 1.5), ("-1%", -0.01),
    ])
    func `shares are read without a loss`(_ text: String, _ share: Double) {
        #expect(Share.value(text) == share)
    }

    @Test(arguments: [
        "", "%", "5 percent", "5%%", "1e-2", ".5", "5.", "1,5%", "inf", "nan", "0x1", "1.2.3", "+1", "--1",
    ])
    func `what is no share is refused`(_ text: String) {
        #expect(Share.value(text) == nil)
    }

    @Test(arguments: [
        (0.0, "0%"), (0.05, "5%"), (0.07, "7%"), (0.29, "29%"), (1, "100%"), (0.005, "0.5%"), (1.5, "150%"),
    ])
    func `shares are written as percentages, and read back`(_ share: Double, _ text: String) {
        #expect(Share.text(share) == text)
        #expect(Share.value(text) == share)
    }

    @Test(arguments: [("0", 0.0), ("2", 2), ("0.25", 0.25), ("1000000", 1_000_000), ("-3.5", -3.5)])
    func `numbers with a point are read and written`(_ text: String, _ number: Double) {
        #expect(DecimalNumber.value(text) == number)
        #expect(DecimalNumber.text(number) == text)
    }

    @Test func `digits without end are no number`() {
        #expect(DecimalNumber.value(String(repeating: "9", count: 400)) == nil)
        #expect(DecimalNumber.value("0." + String(repeating: "3", count: 400)) == nil)
    }

    @Test func `a share that is too large by a hundred is asked back`() {
        #expect(
            problems("routing: {health: {error_rate: 40}}").hasSuffix("is not within 1% and 100%; did you mean 40%?")
        )
        #expect(problems("routing: {health: {error_rate: 40000}}").hasSuffix("is not within 1% and 100%"))
    }
}
