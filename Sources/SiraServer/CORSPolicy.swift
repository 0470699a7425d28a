import SiraWire

/// Which web pages may call the API from a browser (Fetch standard, section 3.3).
package struct CORSPolicy: Hashable, Sendable {
    /// Origins such as `https://app.example.com`, or `*` for every page.
    package var origins: [String]
    /// Request headers a page may set; `*` for all.
    package var headers: [String]
    /// How long a browser may keep the permission, in seconds.
    package var maxAge: Int

    package init(origins: [String], headers: [String] = ["*"], maxAge: Int = 600) {
        self.origins = origins
        self.headers = headers
        self.maxAge = maxAge
    }

    /// The fields that let the page of this origin read the answer; empty when it may not.
    func fields(for request: HeaderFields) -> [HeaderFields.Field] {
        guard let origin = request["origin"], allows(origin) else { return [] }
        return [
            ("access-control-allow-origin", origins.contains("*") ? "*" : origin), ("vary", "origin"),
            ("access-control-expose-headers", "*"),
        ]
    }

    /// The answer to a preflight request; nil when the request is none.
    func preflight(method: String, _ request: HeaderFields) -> HeaderFields? {
        guard method == "OPTIONS", request["access-control-request-method"] != nil else { return nil }
        var fields = HeaderFields(fields(for: request))
        guard fields["access-control-allow-origin"] != nil else { return fields }
        let asked = request["access-control-request-headers"] ?? ""
        fields.append("access-control-allow-methods", "GET, POST")
        // A literal * does not cover `authorization`, so the names that were asked for are repeated.
        fields.append("access-control-allow-headers", headers.contains("*") ? asked : headers.joined(separator: ", "))
        fields.append("access-control-max-age", String(maxAge))
        return fields
    }

    private func allows(_ origin: String) -> Bool {
        origins.contains("*") || origins.contains(origin)
    }
}
