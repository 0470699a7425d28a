@testable import SiraTelemetry
import Testing

@Suite struct PrometheusTextTests {
    @Test func `help and label values are escaped by their own rules`() {
        var text = PrometheusText()
        text.family("m", .gauge, "a \"word\" \\ and\nanother")
        text.sample("m", [("label", "a \"word\" \\ and\nanother")], "1")
        #expect(
            text.text == #"""
                # HELP m a "word" \\ and\nanother
                # TYPE m gauge
                m{label="a \"word\" \\ and\nanother"} 1

                """#
        )
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000001"), (50, "0.00005"), (1_000_000, "1"), (2_500_000, "2.5"), (12_000_345, "12.000345"),
            (600_000_000, "600"),
        ] as [(Int64, String)]
    )
    func `microseconds are written as exact seconds`(count: Int64, text: String) {
        #expect(PrometheusText.seconds(count, unitsPerSecond: 1_000_000) == text)
    }
}
