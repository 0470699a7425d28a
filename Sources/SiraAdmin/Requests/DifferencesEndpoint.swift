import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// What requests that went wrong have in common, and others before them had not.
struct DifferencesEndpoint: Sendable {
    let source: ReportSource

    /// Those of a value that are worth telling of: requests, and by how much their share is greater.
    private static let (leastBad, leastLift) = (3, 0.1)
    private static let mostLifts = 5

    var endpoint: Endpoint {
        let share = JSONSchema.object([("bad", .integer()), ("all", .integer()), ("sampled", .boolean)])
        return Endpoint(
            .get,
            "/requests/differences",
            name: "get_request_differences",
            tag: "requests",
            "Tell what requests that went wrong have in common",
            access: .holder(RequestQuestion.permission),
            answer: .object([
                ("from", .time), ("to", .time), ("scope", .text()), ("window", share), ("baseline", share),
                (
                    "lifts",
                    .list(
                        .object([
                            ("dimension", .text()), ("value", .text(0...2_000)), ("bad_share", .number),
                            ("baseline_share", .number), ("bad", .integer()), ("count", .integer()),
                        ])
                    )
                ),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                Bad is what did not end well or was slow. For each value of each dimension its share among the bad \
                ones of the window is compared with its share among all of an equal window just before, or where that \
                is empty among the good ones of the window itself. Of each window the newest \
                \(RequestSearch.closeBudget) lines of the ledger are looked at; `sampled` says whether there were more.
                """
            $0.parameters = RequestQuestion.parameters
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let question = try await RequestQuestion(request, source)
        let range = try ConsoleFilters.range(request.query, usual: .seconds(3_600), now: source.clock.now())
        var search = question.search
        (search.filter.since, search.filter.until) = (range.lowerBound, range.upperBound)
        search.budget = RequestSearch.closeBudget
        let (window, isWhole) = try await source.requests.samples(search)
        let length = range.upperBound.microseconds - range.lowerBound.microseconds
        search.filter.until = range.lowerBound
        search.filter.since = Timestamp(microseconds: range.lowerBound.microseconds - length)
        let (baseline, isBaselineWhole) = try await source.requests.samples(search)
        let bad = window.filter(\.isBad)
        let usual = baseline.isEmpty ? window.filter { !$0.isBad } : baseline
        let lifts = Self.lifts(bad, window, usual)
        var json = JSONWriter(capacity: 2_048)
        json.object { json in
            json.member("from", range.lowerBound.description)
            json.member("to", range.upperBound.description)
            json.member("scope", question.place.description)
            for (name, samples, isWhole) in [("window", window, isWhole), ("baseline", baseline, isBaselineWhole)] {
                json.key(dynamic: name)
                json.object {
                    $0.member("bad", samples.count(where: \.isBad))
                    $0.member("all", samples.count)
                    $0.member("sampled", !isWhole)
                }
            }
            json.array("lifts") { list in for lift in lifts { list.object { lift.write(to: &$0) } } }
        }
        return json.bytes
    }

    struct Lift: Hashable, Sendable {
        var dimension: String
        var value: String
        var badShare: Double
        var baselineShare: Double
        var bad: Int
        var count: Int

        fileprivate func write(to json: inout JSONWriter) {
            json.member("dimension", dimension)
            json.member("value", value)
            json.member("bad_share", badShare)
            json.member("baseline_share", baselineShare)
            json.member("bad", bad)
            json.member("count", count)
        }
    }

    /// The values whose share grew the most.
    static func lifts(_ bad: [RequestSample], _ window: [RequestSample], _ usual: [RequestSample]) -> [Lift] {
        guard !bad.isEmpty else { return [] }
        let (before, all) = (counts(of: usual), counts(of: window))
        let lifts = counts(of: bad).compactMap { pair, count -> Lift? in
            let share = Double(count) / Double(bad.count)
            let usualShare = usual.isEmpty ? 0 : Double(before[pair] ?? 0) / Double(usual.count)
            guard count >= leastBad, share - usualShare >= leastLift else { return nil }
            return Lift(
                dimension: pair.dimension,
                value: pair.value,
                badShare: share,
                baselineShare: usualShare,
                bad: count,
                count: all[pair] ?? count
            )
        }
        let sorted = lifts.sorted { left, right in
            let (one, other) = (left.badShare - left.baselineShare, right.badShare - right.baselineShare)
            return one == other ? (left.dimension, left.value) < (right.dimension, right.value) : one > other
        }
        return Array(sorted.prefix(mostLifts))
    }

    private struct Pair: Hashable {
        var dimension: String
        var value: String
    }

    private static func counts(of samples: [RequestSample]) -> [Pair: Int] {
        var counts: [Pair: Int] = [:]
        for sample in samples {
            for (dimension, value) in sample.values {
                counts[Pair(dimension: dimension, value: value), default: 0] += 1
            }
        }
        return counts
    }
}
