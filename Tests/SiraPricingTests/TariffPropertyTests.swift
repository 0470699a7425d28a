import Foundation
import SiraCatalog
import SiraCore
import SiraPricing
import Testing

/// Compares costs with an independent computation in decimal arithmetic.
@Suite struct TariffPropertyTests {
    /// SplitMix64 (Steele, Lea, Flood 2014).
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static func reference(_ lines: [(Int, Int64?)]) -> NanoUSD? {
        var sum = Decimal(0)
        for (count, price) in lines where count > 0 {
            guard let price else { return nil }
            sum += Decimal(count) * Decimal(price)
        }
        var quotient = sum / 1_000_000
        var rounded = Decimal()
        NSDecimalRound(&rounded, &quotient, 0, .bankers)
        return Int64("\(rounded)").map(NanoUSD.init(nanos:))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `costs agree with decimal arithmetic`(seed: UInt64) {
        var random = Random(state: seed)
        for _ in 0..<200 {
            func price() -> Int64 { Int64.random(in: 0...200_000_000_000, using: &random) }
            var rates = Rates(input: price(), output: price())
            rates.cacheRead = price()
            rates.cacheWrite = price()
            rates.cacheWriteLong = price()
            rates.inputAudio = price()
            rates.outputAudio = Bool.random(using: &random) ? price() : nil
            rates.reasoning = Bool.random(using: &random) ? price() : nil
            rates.perSearch = price()
            rates.perRequest = price()
            func count() -> Int { Int.random(in: 0...3_000_000, using: &random) }
            var usage = Usage()
            let (plain, text) = (count(), count())
            (usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong, usage.inputAudio) = (
                count(), count(), count(), count()
            )
            (usage.reasoning, usage.outputAudio) = (count(), Bool.random(using: &random) ? count() : 0)
            usage.input = plain + usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio
            usage.output = text + usage.reasoning + usage.outputAudio
            (usage.webSearches, usage.searchUnits) = (count(), count())
            let expected = Self.reference([
                (plain, rates.input), (usage.cacheRead, rates.cacheRead), (usage.cacheWrite, rates.cacheWrite),
                (usage.cacheWriteLong, rates.cacheWriteLong), (usage.inputAudio, rates.inputAudio),
                (text, rates.output),
                (usage.reasoning, rates.reasoning ?? rates.output), (usage.outputAudio, rates.outputAudio),
                (usage.webSearches, rates.perSearch), (max(1, usage.searchUnits), rates.perRequest),
            ])
            #expect(TariffTests.tariff(rates).cost(of: usage, at: TariffTests.now) == expected)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `small prices, where the rounding shows, agree too`(seed: UInt64) {
        var random = Random(state: seed)
        for _ in 0..<500 {
            let rates = Rates(input: Int64.random(in: 0...8, using: &random) * 125_000, output: 250_000)
            let usage = Usage(
                input: Int.random(in: 0...20, using: &random),
                output: Int.random(in: 0...20, using: &random)
            )
            let expected = Self.reference([(usage.input, rates.input), (usage.output, rates.output)])
            #expect(TariffTests.tariff(rates).cost(of: usage, at: TariffTests.now) == expected)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `time is priced by the hour to the last millisecond`(seed: UInt64) {
        var random = Random(state: seed)
        for _ in 0..<200 {
            var rates = Rates()
            rates.perAudioHour = Int64.random(in: 0...4_800_000_000_000_000, using: &random)
            var usage = Usage()
            usage.inputAudioTime = Int.random(in: 1...30_000_000, using: &random)
            var exact = Decimal(usage.inputAudioTime) * Decimal(rates.perAudioHour ?? 0) / 3_600_000 / 1_000_000
            var rounded = Decimal()
            NSDecimalRound(&rounded, &exact, 0, .bankers)
            let cost = TariffTests.tariff(rates).cost(of: usage, at: TariffTests.now)
            #expect(cost == Int64("\(rounded)").map(NanoUSD.init(nanos:)))
        }
    }
}
