import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Metrics slice by slice of time, and by a dimension.
struct SeriesEndpoint: Sendable {
    let source: ReportSource

    /// What can be broken down by, and the dimensions that it is told apart by.
    private static let dimensions: [(name: String, groups: Set<RollupDimension>)] = [
        ("model", [.model]), ("asked", [.requestedModel]), ("provider", [.provider]),
        ("deployment", [.provider, .model]), ("organization", [.organization]), ("team", [.team]),
        ("project", [.project]), ("key", [.key]), ("tag", [.tag]), ("user", [.tag]),
    ]
    /// Series that are told by name, and slices of time.
    private static let (mostSeries, usualSeries, mostSlices) = (20, 8, 1_500)

    var endpoint: Endpoint {
        Endpoint(
            .get,
            "/series",
            name: "get_series",
            tag: "metrics",
            "Tell metrics over time",
            access: .holder(FiguresEndpoint.permission),
            answer: .object([
                (
                    "t",
                    JSONSchema.list(.integer(Int64.min...Int64.max)).described(
                        "When each slice begins, in seconds since 1970."
                    )
                ),
                ("step", .integer()), ("tz", .text()), ("scope", .text()),
                ("overlapping", JSONSchema.boolean.described("Whether a request may be in several series.")),
                (
                    "series",
                    .list(
                        .object([
                            ("id", .text()), ("name", .text()),
                            ("rest", JSONSchema.boolean.described("Whether it is of all the others together.")),
                            ("columns", .map(of: .list(JSONSchema.number.orNull))),
                        ])
                    )
                ),
            ])
        ) { request in
            EndpointReply(try await answer(request))
        }.with {
            $0.details = """
                The greatest by the first metric have a series each, the others one together, so that what adds up \
                adds up to the whole. An empty `id` is what is attributed to nobody. Slices are minutes (up to 8 \
                days), hours or days; days begin at midnight in `tz`. Where no request was, counts are 0 and \
                other metrics null. Rates are over what has been of a slice and was asked for.
                """
            $0.parameters =
                [
                    EndpointParameter(
                        "metrics",
                        .text(length: 1...400, format: nil),
                        "Which, with commas between, at most ten; requests. See `/figures`."
                    ),
                    EndpointParameter(
                        "step",
                        .integer(60...31 * 86_400),
                        "How long slices are, in seconds: whole minutes; about ninety slices without it."
                    ),
                    EndpointParameter("by", .word(Self.dimensions.map(\.name)), "What to break down by; nothing."),
                    EndpointParameter(
                        "limit",
                        .integer(1...Int64(Self.mostSeries)),
                        "How many series by name; \(Self.usualSeries)."
                    ),
                    ConsoleZone.parameter,
                ] + ConsoleFilters.times + ConsoleFilters.names
        }
    }

    private func answer(_ request: EndpointRequest) async throws -> [UInt8] {
        let query = request.query
        let words = (query["metrics"] ?? "requests").split(separator: ",").map { String($0.filter { $0 != " " }) }
        let metrics = words.compactMap(Metric.init)
        guard metrics.count == words.count, (1...10).contains(metrics.count), metrics.allSatisfy(\.isOfSums) else {
            let names = Metric.allCases.filter(\.isOfSums).map(\.rawValue).joined(separator: ", ")
            throw ConsoleFilters.invalid("metrics", "are one to ten of \(names)")
        }
        let place = try await source.consolePlace(for: request.author, FiguresEndpoint.permission, query)
        let now = source.clock.now()
        var question = try question(query, metrics, now: now)
        question.filter.narrow(to: place)
        let series = try await question.series(from: source.rollups)
        let names = query["by"] == "key" ? try await source.keyNames(of: series.map(\.id)) : [:]
        var json = JSONWriter(capacity: 16_384)
        json.object { json in
            json.array("t") { list in for slice in question.slices { list.element(slice.seconds) } }
            json.member("step", question.step)
            json.member("tz", question.zone.name)
            json.member("scope", place.description)
            json.member("overlapping", query["by"] == "tag")
            json.array("series") { list in
                for one in series {
                    list.object {
                        $0.member("id", one.id)
                        $0.member(
                            "name",
                            one.isRest ? "Other" : names[one.id] ?? (one.id.isEmpty ? "Unattributed" : one.id)
                        )
                        $0.member("rest", one.isRest)
                        question.write(one, metrics, now: now, to: &$0)
                    }
                }
            }
        }
        return json.bytes
    }

    private func question(
        _ query: [String: String],
        _ metrics: [Metric],
        now: Timestamp
    ) throws -> SeriesQuestion {
        let range = try ConsoleFilters.range(query, usual: .seconds(86_400), now: now)
        let span = (range.upperBound.microseconds - range.lowerBound.microseconds) / 1_000_000
        let step = try Self.step(query, span: span)
        let zone = try ConsoleZone(query["tz"])
        let groups = Self.dimensions.first { $0.name == query["by"] }?.groups ?? []
        let question = SeriesQuestion(
            range: range,
            step: step,
            zone: zone,
            groups: groups,
            isByUser: query["by"] == "user",
            isByTotal: query["by"] == nil,
            filter: ConsoleFilters.filter(query),
            metrics: metrics,
            limit: query["limit"].flatMap { Int($0) } ?? Self.usualSeries
        )
        if question.isByUser || question.groups.contains(.tag), query["user"] != nil || query["tag"] != nil {
            throw ConsoleFilters.invalid("by", "cannot be tags or end users where one is given")
        }
        guard question.slices.count <= Self.mostSlices else {
            throw ConsoleFilters.invalid("step", "must be longer: there would be more than \(Self.mostSlices) slices")
        }
        return question
    }

    /// The length of slices, in seconds.
    private static func step(_ query: [String: String], span: Int64) throws -> Int64 {
        guard let asked = query["step"].flatMap({ Int64($0) }) else {
            return [60, 300, 900, 3_600, 14_400, 86_400].first { span / $0 <= 120 } ?? 7 * 86_400
        }
        guard asked % 60 == 0, asked < 3_600 || asked % 3_600 == 0, asked < 86_400 || asked % 86_400 == 0 else {
            throw ConsoleFilters.invalid("step", "must be whole minutes, beyond an hour whole hours, beyond a day days")
        }
        if asked % 3_600 != 0, span > 8 * 86_400 {
            throw ConsoleFilters.invalid("step", "must be an hour or more where more than 8 days are asked for")
        }
        return asked
    }
}
