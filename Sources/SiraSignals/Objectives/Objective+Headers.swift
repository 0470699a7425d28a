package import SiraWire

extension Objective {
    /// The headers in which a client can say what it wants, in lower case.
    package static let headerNames: [String] = ["x-sira-objective"] + headerTerms.map(\.name) + ["x-sira-data-policy"]

    private static let headerTerms: [(name: String, term: ObjectiveTerm)] = [
        ("x-sira-max-price", .price), ("x-sira-provider-order", .order), ("x-sira-provider-only", .only),
        ("x-sira-provider-ignore", .ignore), ("x-sira-region", .region), ("x-sira-require", .require),
    ]

    /// All that a request wants: what stands after the model's name and in headers, combined.
    ///
    /// - Parameter text: What ``split(model:isKnown:)`` found after the name.
    /// - Returns: Nil where it wants nothing in particular.
    /// - Throws: ``ObjectiveError`` with the place that is wrong.
    package static func stated(
        afterModel text: String?,
        headers: HeaderFields
    ) throws(ObjectiveError) -> Objective? {
        var objective: Objective?
        if let text { objective = try Objective(parsing: text) }
        for field in headers.fields {
            guard let stated = try Objective(header: field) else { continue }
            guard let other = objective else {
                objective = stated
                continue
            }
            objective = try other.combined(with: stated, from: .header(field.name.lowercased()))
        }
        return objective
    }

    /// What one header says; nil where it is not one of these.
    private init?(header field: HeaderFields.Field) throws(ObjectiveError) {
        // No shorter name is among them, and most headers end here.
        guard field.name.utf8.count >= 13 else { return nil }
        if field.name.matches(lowercased: "x-sira-objective") {
            try self.init(parsing: field.value, in: .header("x-sira-objective"))
            return
        }
        if field.name.matches(lowercased: "x-sira-data-policy") {
            let name = "x-sira-data-policy"
            guard field.value.trimmed.lowercased() == ObjectiveTerm.zeroRetention else {
                throw ObjectiveError(
                    .badValue,
                    "\"\(field.value.prefix(64))\" is not a data policy; there is zdr (zero data retention)",
                    in: .header(name)
                )
            }
            self.init()
            wantsZeroRetention = true
            return
        }
        guard let (name, term) = Self.headerTerms.first(where: { field.name.matches(lowercased: $0.name) }) else {
            return nil
        }
        guard field.value.utf8.count <= Self.longest else {
            throw ObjectiveError(
                .tooLong,
                "it has \(field.value.utf8.count) bytes, and may have \(Self.longest)",
                in: .header(name)
            )
        }
        var reader = ObjectiveReader(source: .header(name))
        try reader.read(term, value: field.value)
        self = reader.objective
    }
}
