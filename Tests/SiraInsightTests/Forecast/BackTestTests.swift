import Foundation
import SiraCore
import SiraInsight
import Testing

struct BackTestTests {
    /// Means over back-tests, each series counting once.
    private struct Means {
        let tests: [BackTest]

        subscript(_ value: KeyPath<BackTest, Double>) -> Double {
            tests.reduce(0) { $0 + $1[keyPath: value] } / Double(max(1, tests.count))
        }

        func row(_ name: String) -> String {
            let forecasts = tests.reduce(0) { $0 + $1.forecasts }
            let shares = [\BackTest.error, \.monthToDate, \.lastWeeks, \.withinLikely, \.withinPossible].map {
                CostDocument.percent(self[$0])
            }
            return "| " + ([name, "\(tests.count)", "\(forecasts)"] + shares).joined(separator: " | ") + " |\n"
        }
    }

    @Test
    func `forecasts of months are nearer than daily averages on made and on public series`() throws {
        var figures = """
            | Series | Number | Forecasts | Error | Month to date | Last 28 days | Within 80 % | Within 95 % |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |

            """
        var made: [BackTest] = []
        for family in SpendFamily.allCases {
            let tests = (0..<SpendFamily.seeds).map { BackTest(family.series(seed: $0)) }
            let means = Means(tests: tests)
            #expect(means[\.error] < means[\.monthToDate], "\(family)")
            figures += means.row("made: " + family.rawValue)
            made += tests
        }
        #expect(made.count >= 200)
        figures += Means(tests: made).row("**made, all**")
        var known: [BackTest] = []
        for row in try PublicSeries.daily() {
            let test = BackTest(row.series)
            figures += Means(tests: [test]).row("public: " + row.name)
            known.append(test)
        }
        #expect(known.count == 16)
        figures += Means(tests: known).row("**public, all**")
        for means in [Means(tests: made), Means(tests: known)] {
            #expect(means[\.error] < 0.85 * means[\.monthToDate])
            #expect(means[\.error] < 0.9 * means[\.lastWeeks])
            #expect((0.78...0.94).contains(means[\.withinLikely]))
            #expect((0.92...0.99).contains(means[\.withinPossible]))
        }
        try CostDocument.expect("forecasts", figures)
    }

    @Test
    func `months without spend and months that are not whole are not counted`() {
        let first = CalendarDay(daysSinceEpoch: 20_454)
        #expect(BackTest(DailySeries(first: first, values: [])).forecasts == 0)
        #expect(BackTest(DailySeries(first: first, values: [1, 2, 3])).forecasts == 0)
        #expect(BackTest(DailySeries(first: first, values: Array(repeating: 0, count: 90))).forecasts == 0)
    }
}
