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

    @Test func `sums stay at the limit`() {
        #expect(NanoUSD(nanos: .max) + NanoUSD(nanos: 1) == NanoUSD(nanos: .max))
        #expect(NanoUSD(nanos: .min) + NanoUSD(nanos: -1) == NanoUSD(nanos: .min))
    }
}
