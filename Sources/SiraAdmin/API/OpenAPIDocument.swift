import SiraJSON
import SiraTenancy

/// The document of OpenAPI 3.1 that describes the admin API.
struct OpenAPIDocument: Sendable {
    let endpoints: [Endpoint]
    /// The components, by name.
    let schemas: [(name: String, schema: JSONSchema)]

    /// Serves the document, which describes itself too.
    var endpoint: Endpoint {
        var endpoint = Endpoint(
            .get,
            "/openapi.json",
            name: "get_document",
            tag: "me",
            "Describe this API",
            access: .open,
            answer: JSONSchema { $0.member("type", "object") }
        ) { _ in EndpointReply() }
        let document = OpenAPIDocument(endpoints: endpoints + [endpoint], schemas: schemas).json
        endpoint.handle = { _ in EndpointReply(document) }
        return endpoint
    }

    var json: [UInt8] {
        var json = JSONWriter(capacity: 200_000)
        json.object { json in
            json.member("openapi", "3.1.0")
            json.object("info") {
                $0.member("title", "Sira admin API")
                $0.member("version", "1")
                $0.member(
                    "description",
                    "Tenants, keys, limits, budgets and prices of a Sira gateway, and the trail of their changes."
                )
            }
            json.array("security") { list in
                list.object { $0.array("token") { _ in } }
                list.object { $0.array("session") { _ in } }
            }
            json.object("paths", paths)
            json.object("components", components)
        }
        return json.bytes
    }

    private func paths(_ json: inout JSONWriter) {
        var order: [String] = []
        for endpoint in endpoints where !order.contains(endpoint.path) { order.append(endpoint.path) }
        for path in order {
            json.key(dynamic: EndpointTable.prefix + path)
            json.object { json in
                for endpoint in endpoints where endpoint.path == path {
                    json.key(dynamic: endpoint.method.rawValue.lowercased())
                    json.object { Self.write(endpoint, to: &$0) }
                }
            }
        }
    }

    private static func write(_ endpoint: Endpoint, to json: inout JSONWriter) {
        json.member("operationId", endpoint.name)
        json.array("tags") { $0.element(endpoint.tag) }
        json.member("summary", endpoint.summary)
        let needs = endpoint.needs
        let details = [endpoint.details, needs].filter { !$0.isEmpty }.joined(separator: " ")
        if !details.isEmpty { json.member("description", details) }
        if endpoint.access == .open { json.array("security") { _ in } }
        writeParameters(of: endpoint, to: &json)
        if let body = endpoint.body {
            json.object("requestBody") { json in
                json.member("required", !endpoint.isBodyOptional)
                json.object("content") { json in
                    json.object("application/json") { json in
                        json.key("schema")
                        body.write(to: &json)
                    }
                }
            }
        }
        json.object("responses") { writeResponses(of: endpoint, to: &$0) }
    }

    private static func writeParameters(of endpoint: Endpoint, to json: inout JSONWriter) {
        var parameters: [(place: String, name: String, summary: String, schema: JSONSchema)] = []
        for name in endpoint.variables {
            parameters.append(("path", name, "", .text(1...60)))
        }
        for parameter in endpoint.parameters {
            parameters.append(("query", parameter.name, parameter.summary, JSONSchema(parameter.shape, for: .make)))
        }
        if endpoint.isVersioned, endpoint.method != .get, !endpoint.variables.isEmpty {
            let etag = JSONSchema { json in
                json.member("type", "string")
                json.member("pattern", "^(\\*|\"[0-9]{1,18}\")$")
            }
            parameters.append(("header", "If-Match", "The ETag of the version that is to be changed.", etag))
        }
        if endpoint.method == .post, endpoint.isRepeatable {
            let key = JSONSchema { json in
                json.member("type", "string")
                json.member("pattern", "^[!-~]{1,200}$")
            }
            parameters.append(("header", "Idempotency-Key", "The same key gets the same answer for a day.", key))
        }
        if endpoint.method != .get {
            parameters.append(("header", "X-Sira-Reason", "Why; the audit log keeps it.", .text(0...500)))
        }
        guard !parameters.isEmpty else { return }
        json.array("parameters") { list in
            for parameter in parameters {
                list.object { json in
                    json.member("name", parameter.name)
                    json.member("in", parameter.place)
                    json.member("required", parameter.place == "path")
                    if !parameter.summary.isEmpty { json.member("description", parameter.summary) }
                    json.key("schema")
                    parameter.schema.write(to: &json)
                }
            }
        }
    }

    private static func writeResponses(of endpoint: Endpoint, to json: inout JSONWriter) {
        json.key(dynamic: String(endpoint.status))
        json.object { json in
            json.member("description", endpoint.answer == nil ? "It is done." : "What was asked for.")
            if endpoint.isVersioned, endpoint.answer != nil {
                json.object("headers") {
                    $0.object("ETag") { json in
                        json.member("description", "The version.")
                        json.object("schema") { $0.member("type", "string") }
                    }
                }
            }
            guard let answer = endpoint.answer else { return }
            json.object("content") { json in
                for type in endpoint.answerTypes {
                    json.key(dynamic: type)
                    json.object { json in
                        json.key("schema")
                        answer.write(to: &json)
                    }
                }
            }
        }
        for status in endpoint.refusals {
            json.key(dynamic: String(status))
            json.object { $0.member("$ref", "#/components/responses/Refusal") }
        }
    }

    private func components(_ json: inout JSONWriter) {
        json.object("securitySchemes") {
            $0.object("token") { json in
                json.member("type", "http")
                json.member("scheme", "bearer")
                json.member("description", "The admin token, or a token of a user or service account.")
            }
            $0.object("session") { json in
                json.member("type", "apiKey")
                json.member("in", "cookie")
                json.member("name", SessionCookie.name(isSecure: false))
                json.member(
                    "description",
                    "The session of somebody who is signed in to the console; over TLS the name begins with __Host-. "
                        + "What changes something needs the header X-Sira-Console: 1 besides."
                )
            }
        }
        json.object("responses") {
            $0.object("Refusal") { json in
                json.member("description", "It is refused.")
                json.object("content") {
                    $0.object("application/json") {
                        $0.object("schema") { $0.member("$ref", "#/components/schemas/Error") }
                    }
                }
            }
        }
        json.object("schemas") { json in
            json.key("Error")
            EndpointError.schema.write(to: &json)
            for (name, schema) in schemas {
                json.key(dynamic: name)
                schema.write(to: &json)
            }
        }
    }
}

extension Endpoint {
    /// What callers need, in a sentence; empty for nothing.
    fileprivate var needs: String {
        switch access {
        case .open: "Needs no token and no session."
        case .anyone: ""
        case .holder(let permission): "Needs `\(permission)` where it is done."
        case .gateway(let permission): "Needs `\(permission)` at the gateway."
        }
    }

    /// The statuses of its refusals.
    fileprivate var refusals: [Int] {
        var statuses = moreRefusals.union([400])
        if access != .open { statuses.formUnion([401, 429]) }
        if access != .open, access != .anyone { statuses.insert(403) }
        if !variables.isEmpty { statuses.insert(404) }
        if !parameters.isEmpty { statuses.insert(422) }
        if method != .get { statuses.formUnion([403, 409]) }
        if isVersioned, method != .get { statuses.insert(412) }
        if method == .post || method == .patch { statuses.formUnion([413, 415, 422]) }
        return statuses.sorted()
    }
}
