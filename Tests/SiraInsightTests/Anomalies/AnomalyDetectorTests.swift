import Foundation
import SiraCore
import SiraInsight
import SiraTesting
import Testing

struct AnomalyDetectorTests {
    /// A Monday.
    static let start = Timestamp(microseconds: 20_605 * 86_400_000_000)
    static let weeks = 10

    /// Busy at noon, quiet at night and on weekends.
    static func clean(
        seed: UInt64,
        weeks: Int = weeks,
        base: Double = 20,
        noise: Double = 0.25,
        growth: Double = 0
    ) -> HourlySeries {
        var random = SeededRandom(seed: seed)
        let values = (0..<(weeks * 168)).map { hour in
            let shape = 0.15 + pow(sin(.pi * Double(hour % 24) / 24), 4)
            let week = hour / 24 % 7 >= 5 ? 0.35 : 1
            return base * shape * week * exp(growth * Double(hour) / 168) * random.factor(noise)
        }
        return HourlySeries(start: start, values: values)
    }

    /// Errors as a share of few requests.
    static func errors(seed: UInt64) -> HourlySeries {
        var random = SeededRandom(seed: seed)
        let values = (0..<(weeks * 168)).map { _ in
            Double((0..<200).count { _ in Double.random(in: 0..<1, using: &random) < 0.02 }) / 200
        }
        return HourlySeries(start: start, values: values)
    }

    static func judged(_ series: HourlySeries) -> Range<Int> { 4 * 168..<series.values.count }

    @Test
    func `ordinary hours alarm less than once in a thousand`() throws {
        let clean: [(String, [HourlySeries], AnomalyRule)] = [
            ("made: spend, noise of 25 %", (0..<6).map { Self.clean(seed: $0) }, .spend),
            ("made: spend, noise of 60 %", (0..<6).map { Self.clean(seed: $0, noise: 0.6) }, .spend),
            ("made: spend, 15 % more each week", (0..<6).map { Self.clean(seed: $0, growth: 0.15) }, .spend),
            ("made: requests, both ways", (0..<6).map { Self.clean(seed: $0, base: 500) }, .requests),
            ("made: share of errors, 2 % of 200 an hour", (0..<6).map(Self.errors), .errorRate),
        ]
        var table = Table()
        for (name, all, rule) in clean {
            let share = table.add(name, all, rule)
            #expect(share <= 0.001, "\(name)")
        }
        for row in try PublicSeries.hourly() {
            let series = HourlySeries(start: row.series.first.start, values: row.series.values)
            // It has holidays and closed roads, so some of these alarms are right.
            #expect(table.add("public: " + row.name, [series], AnomalyRule(leastChange: 100)) < 0.01)
        }
        try CostDocument.expect("false alarms", table.text)
    }

    private struct Table {
        var text = """
            | Series | Hours | Alarms | Share |
            | --- | ---: | ---: | ---: |

            """

        mutating func add(_ name: String, _ all: [HourlySeries], _ rule: AnomalyRule) -> Double {
            let detector = AnomalyDetector(rule)
            let alarms = all.reduce(0) { $0 + detector.anomalies(in: $1, hours: AnomalyDetectorTests.judged($1)).count }
            let hours = all.reduce(0) { $0 + AnomalyDetectorTests.judged($1).count }
            let share = Double(alarms) / Double(hours)
            text += "| \(name) | \(hours) | \(alarms) | \(String(format: "%.2f %%", share * 100)) |\n"
            return share
        }
    }

    @Test(arguments: [3.0, 5])
    func `an hour of several times the amount is found at noon`(times: Double) throws {
        var count = 0
        for seed in 0..<40 {
            var series = Self.clean(seed: UInt64(seed))
            let hour = 8 * 168 + 24 * (seed % 5) + 12
            series.values[hour] *= times
            let found = AnomalyDetector(.spend).anomalies(in: series, hours: hour..<(hour + 1))
            count += found.count
            for finding in found {
                #expect(finding.hour == series.time(at: hour))
                #expect(finding.observed > finding.expected && finding.score >= 4.5)
                #expect(finding.basis == .hourOfWeek && finding.samples == 6)
                #expect(finding.ordinary.contains(finding.expected) && !finding.ordinary.contains(finding.observed))
            }
        }
        // Three times is within what chance may do to one hour.
        #expect(count >= (times > 3 ? 39 : 20))
        try CostDocument.expect("found at \(Int(times)) times", "\(count) of 40\n")
    }

    @Test
    func `what is ordinary at noon is odd at night`() throws {
        var series = Self.clean(seed: 3)
        let (night, noon) = (8 * 168 + 24 + 3, 8 * 168 + 24 + 12)
        series.values[night] = series.values[noon]
        let found = AnomalyDetector(.spend).anomalies(in: series, hours: (night - 1)..<(noon + 1))
        #expect(found.map(\.hour) == [series.time(at: night)])
    }

    @Test
    func `requests that stay away are found, for spend they are good news`() {
        var series = Self.clean(seed: 4, base: 500)
        let hour = 8 * 168 + 36
        series.values[hour] = 0
        let range = hour..<(hour + 1)
        #expect(AnomalyDetector(.requests).anomalies(in: series, hours: range).first.map { $0.score < -4.5 } == true)
        #expect(AnomalyDetector(.spend).anomalies(in: series, hours: range).isEmpty)
    }

    @Test
    func `errors of a tenth are found where a fiftieth is usual`() throws {
        var series = Self.errors(seed: 9)
        series.values[9 * 168] = 0.12
        let found = AnomalyDetector(.errorRate).anomalies(in: series, hours: 9 * 168..<9 * 168 + 1)
        #expect(found.count == 1)
    }

    @Test
    func `cents alarm nobody`() {
        var series = HourlySeries(start: Self.start, values: Array(repeating: 0, count: 8 * 168))
        series.values[8 * 168 - 1] = 0.9
        #expect(AnomalyDetector(.spend).assessLast(series)?.isAnomaly == false)
        series.values[8 * 168 - 1] = 40
        #expect(AnomalyDetector(.spend).assessLast(series)?.isAnomaly == true)
    }

    @Test
    func `with less than three weeks the hours of the day are compared, with less than five days none`() throws {
        var series = Self.clean(seed: 5, weeks: 2)
        // A Sunday, compared with the days of one weekend and so with all.
        #expect(AnomalyDetector(.spend).assessLast(series)?.basis == .hourOfDay)
        #expect(AnomalyDetector(.spend).assessLast(series)?.samples == 13)
        series.values.removeLast(2 * 24)
        series.values[series.values.count - 12] = 200
        let hour = series.values.count - 12
        let found = AnomalyDetector(.spend).anomalies(in: series, hours: hour..<(hour + 1))
        #expect(found.first?.basis == .hourOfDay && found.first?.samples == 9)
        series.values = Array(series.values.prefix(5 * 24))
        #expect(AnomalyDetector(.spend).assessLast(series) == nil)
        #expect(AnomalyDetector(.spend).assessLast(HourlySeries(start: Self.start, values: [])) == nil)
    }

    @Test
    func `an outlier in the past does not hide one today`() throws {
        var series = Self.clean(seed: 6)
        let hour = 8 * 168 + 36
        series.values[hour - 168] *= 20
        series.values[hour] *= 6
        #expect(AnomalyDetector(.spend).anomalies(in: series, hours: hour..<(hour + 1)).count == 1)
    }

    @Test
    func `the reason is told in numbers`() throws {
        var series = HourlySeries(start: Self.start, values: Array(repeating: 3, count: 4 * 168))
        series.values[4 * 168 - 1] = 12.345
        let reason = try #require(AnomalyDetector(.spend).assessLast(series)).reason
        #expect(reason.hasPrefix("12.35 observed, 3 expected (median of 3, hour_of_week), z "))
        #expect(reason.contains("ordinary 2 to 4"))
    }

    @Test
    func `values that are no numbers do no harm`() {
        var series = Self.clean(seed: 8)
        for hour in stride(from: 0, to: series.values.count, by: 7) {
            series.values[hour] = [.nan, .infinity, -3][hour % 3]
        }
        series.values[900] = .greatestFiniteMagnitude
        for least in [1, 0, -1, .nan, .infinity] {
            let detector = AnomalyDetector(AnomalyRule(leastChange: least))
            let found = detector.anomalies(in: series, hours: -5..<(series.values.count + 5))
            #expect(found.allSatisfy { $0.score.isFinite && $0.expected.isFinite })
        }
    }
}
