import SiraCore
import Testing

@Suite struct NanoUSDTests {
    @Test(arguments: ["0.000000000", "0.000000001", "2.500000000", "-0.000000007", "9223372036.854775807"])
    func `what is written reads back`(text: String) {
        #expect(NanoUSD(decimal: text)?.description == text)
    }

    @Test(arguments: ["", ".", "1.", ".5", "1e3", "0.0000000001", "1,5", "+1", "١", "9223372036.854775808"])
    func `anything but a plain decimal is refused`(text: String) {
        #expect(NanoUSD(decimal: text) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("2", 2_000_000_000), ("-0.5", -500_000_000), ("0.00012", 120_000), ("1.5e-05", 15_000),
        ("1.25E+2", 125_000_000_000), ("0e999", 0), ("1e-300", 0), ("0.0000000005", 0), ("0.0000000015", 2),
        ("0.0000000025", 2), ("0.00000000250001", 3), ("0.00000000049999", 0), ("0.0000000006", 1), ("6e-10", 1),
        ("6e-11", 0), ("123456789.1234567895", 123_456_789_123_456_790), ("9223372036.854775807", Int64.max),
    ])
    func `a JSON number is rounded half to even`(text: String, nanos: Int64) {
        #expect(NanoUSD(rounding: text)?.nanos == nanos)
    }

    @Test(arguments: [
        "", "-", "x", "1e", "1.2.3", "1e1000000", "9223372036.854775808", "1e10", "1e300", "--1",
        "1e-9223372036854775808", "9223372036.8547758079",
    ])
    func `what is no amount is not made one`(text: String) {
        #expect(NanoUSD(rounding: text) == nil)
    }

    @Test func `sums stay at the limit`() {
        #expect(NanoUSD(nanos: .max) + NanoUSD(nanos: 1) == NanoUSD(nanos: .max))
        #expect(NanoUSD(nanos: .min) + NanoUSD(nanos: -1) == NanoUSD(nanos: .min))
    }
}
