import SiraCore
package import SiraJSON

extension PlanBook {
    /// Reads an array of plans, from the smallest to the largest.
    ///
    /// Every member must be there; null is without limit where there can be none. Money is text of decimal dollars.
    ///
    /// - Throws: ``BillingError/invalid(_:_:)`` that names the place and what is wrong with it.
    package init(json text: [UInt8]) throws(BillingError) {
        var plans: [Plan] = []
        do {
            plans = try JSONIndexer().read(text) { root in
                guard root.kind == .array else { throw BillingError.invalid("plans", "is no array") }
                return try root.elements.enumerated().map { try Plan(json: $1, at: "plans[\($0)]") }
            }
        } catch let error as BillingError {
            throw error
        } catch {
            throw .invalid("plans", "cannot be read as JSON: \(error)")
        }
        try self.init(plans)
    }
}

extension Plan {
    private static let members: Set<String> = [
        "id", "name", "price_usd", "included_credit_usd", "monthly_tokens", "keys", "projects", "users",
        "requests_per_minute", "tokens_per_minute", "features", "overage",
    ]

    fileprivate init(json: JSONValue, at place: String) throws(BillingError) {
        guard json.kind == .object else { throw .invalid(place, "is no object") }
        for (key, _) in json.members where !Self.members.contains(key.string ?? "") {
            throw .invalid("\(place).\(key.string ?? "")", "is not known; known are \(Self.members.sorted())")
        }
        let id = try Self.text("id", in: json, at: place)
        guard !id.isEmpty, id.utf8.count <= 60 else { throw .invalid("\(place).id", "is empty or too long") }
        let overage = try Self.text("overage", in: json, at: place)
        guard let overage = Overage(rawValue: overage) else {
            throw .invalid("\(place).overage", "is '\(overage)'; say block or charge")
        }
        self.init(
            id: id,
            name: try Self.text("name", in: json, at: place),
            price: try Self.dollars("price_usd", in: json, at: place),
            overage: overage
        )
        includedCredit = try Self.dollars("included_credit_usd", in: json, at: place)
        monthlyTokens = try Self.limit("monthly_tokens", in: json, at: place)
        keys = try Self.limit("keys", in: json, at: place)
        projects = try Self.limit("projects", in: json, at: place)
        users = try Self.limit("users", in: json, at: place)
        requestsPerMinute = try Self.limit("requests_per_minute", from: 1, in: json, at: place)
        tokensPerMinute = try Self.limit("tokens_per_minute", from: 1, in: json, at: place)
        features = try Self.features(in: json, at: place)
    }

    private static func text(_ key: StaticString, in json: JSONValue, at place: String) throws(BillingError) -> String {
        guard let value = json[key] else { throw .invalid("\(place).\(key)", "is missing") }
        guard let text = value.string else { throw .invalid("\(place).\(key)", "is no text") }
        return text
    }

    private static func dollars(
        _ key: StaticString,
        in json: JSONValue,
        at place: String
    ) throws(BillingError) -> NanoUSD {
        let text = try text(key, in: json, at: place)
        guard let amount = NanoUSD(decimal: text), amount >= .zero else {
            throw .invalid("\(place).\(key)", "is '\(text)'; write dollars such as \"29\" or \"0.05\"")
        }
        return amount
    }

    private static func limit(
        _ key: StaticString,
        from least: Int64 = 0,
        in json: JSONValue,
        at place: String
    ) throws(BillingError) -> Int64? {
        guard let value = json[key] else {
            throw .invalid("\(place).\(key)", "is missing; write null for no limit")
        }
        guard !value.isNull else { return nil }
        guard let number = value.integer, number >= least else {
            throw .invalid("\(place).\(key)", "is no whole number from \(least) on, nor null for no limit")
        }
        return number
    }

    private static func features(in json: JSONValue, at place: String) throws(BillingError) -> Set<Feature> {
        guard let list = json["features"] else { throw .invalid("\(place).features", "is missing") }
        guard list.kind == .array else { throw .invalid("\(place).features", "is no array") }
        var features: Set<Feature> = []
        for (index, name) in list.elements.enumerated() {
            guard let feature = name.string.flatMap({ Feature(rawValue: $0) }) else {
                let known = Feature.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("\(place).features[\(index)]", "is no feature; there are \(known)")
            }
            features.insert(feature)
        }
        return features
    }
}

extension Plan {
    /// Writes all of it as members of an object, as ``PlanBook/init(json:)`` reads it.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("price_usd", price.description)
        json.member("included_credit_usd", includedCredit.description)
        json.member("monthly_tokens", orNull: monthlyTokens)
        json.member("keys", orNull: keys)
        json.member("projects", orNull: projects)
        json.member("users", orNull: users)
        json.member("requests_per_minute", orNull: requestsPerMinute)
        json.member("tokens_per_minute", orNull: tokensPerMinute)
        json.array("features") { list in
            for feature in Feature.allCases where features.contains(feature) { list.element(feature.rawValue) }
        }
        json.member("overage", overage.rawValue)
    }
}

extension JSONWriter {
    /// A member that is null when there is no number.
    mutating func member(_ key: StaticString, orNull number: Int64?) {
        if let number { member(key, number) } else { null(key) }
    }

    /// A member that is null when there is no text.
    mutating func member(_ key: StaticString, orNull text: String?) {
        if let text { member(key, text) } else { null(key) }
    }
}
