internal import SiraCore
package import SiraJSON

extension Decision {
    /// The decision that ``write(to:)`` has written, in words only; nil when the text is none.
    ///
    /// Members that are not known are passed over, so that later versions may add some.
    package init?(_ json: JSONValue) {
        guard let requested = json["requested"]?.string, let candidates = json["candidates"] else { return nil }
        var all = DecisionDetails(name: json["name"]?.string ?? requested)
        all.objective = json["objective"]?.string
        all.route = json["route"]?.string
        all.rule = json["rule"]?.string
        all.strategy = json["strategy"]?.string
        all.tier = json["tier"]?.string
        all.tierReasons = json["tier_reasons"]?.elements.compactMap(\.string) ?? []
        all.candidates = candidates.elements.prefix(DecisionDetails.most).compactMap { Considered($0) }
        all.omitted = Self.count(json["more_candidates"])
        all.rejected = json["rejected"]?.elements.prefix(DecisionDetails.most).compactMap { Rejection($0) } ?? []
        all.omittedRejections = Self.count(json["more_rejected"])
        all.baseline = json["baseline"].flatMap { Baseline($0) }
        all.arm = json["experiment"]?.string
        all.isDegraded = json["degraded"]?.bool ?? false
        self.init(requested: requested, all)
    }

    private static func count(_ json: JSONValue?) -> Int { Int(clamping: max(0, json?.integer ?? 0)) }
}

extension Considered {
    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let rank = json["rank"]?.integer else { return nil }
        self.init(
            id: id,
            rank: Int(clamping: rank),
            score: json["score"]?.double ?? -.infinity,
            why: .stated(json["why"]?.string ?? ""),
            cost: json["nano_usd"]?.integer.map { NanoUSD(nanos: $0) },
            state: json["state"]?.string ?? "available"
        )
    }
}

extension Rejection {
    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let filter = json["filter"]?.string else { return nil }
        self.init(target: id, .stated(filter: filter, reason: json["reason"]?.string ?? ""))
    }
}

extension Baseline {
    fileprivate init?(_ json: JSONValue) {
        guard let kind = json["of"]?.string.flatMap({ Kind(rawValue: $0) }), let id = json["id"]?.string,
            let cost = json["nano_usd"]?.integer
        else { return nil }
        self.init(kind, id: id, cost: NanoUSD(nanos: cost))
    }
}
