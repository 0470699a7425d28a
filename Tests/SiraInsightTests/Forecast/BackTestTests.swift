import Foundation
import SiraInsight
import Testing

struct BackTestTests {
    @Test func `print it`() throws {
        func line(_ name: String, _ tests: [BackTest]) {
            func mean(_ value: (BackTest) -> Double) -> String { String(format: "%6.2f", 100 * tests.map(value).reduce(0, +) / Double(tests.count)) }
            print(name, mean(\.error), mean(\.monthToDate), mean(\.lastWeeks), mean(\.withinLikely), mean(\.withinPossible))
        }
        let rows = try PublicSeries.daily().map { ($0.name, BackTest($0.series)) }
        for (name, test) in rows { line(name, [test]) }
        line("PUBLIC", rows.map(\.1))
        var all: [BackTest] = []
        for family in SpendFamily.allCases {
            let tests = (0..<SpendFamily.seeds).map { BackTest(family.series(seed: $0)) }
            line(family.rawValue, tests)
            all += tests
        }
        line("GEN", all)
    }
}
