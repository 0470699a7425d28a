import HTTPTypes
import Hummingbird
import SiraJSON
import SiraStorage
package import SiraTenancy

/// Why something that was asked of the admin API is refused.
package struct EndpointError: Error, Sendable {
    package var status: Int
    /// A word for programs.
    package var code: String
    /// What is wrong and what to do, in sentences.
    package var message: String
    package var fields: [FieldProblem] = []
    /// Seconds until it is worth trying again.
    package var retryAfter: Int?
    /// What only the log says; nil for nothing.
    package var logged: String?

    package init(_ status: Int, _ code: String, _ message: String, fields: [FieldProblem] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
    }

    /// The schema of all refusals.
    static let schema = JSONSchema.object([
        (
            "error",
            .object(
                [
                    ("code", JSONSchema.text(1...100).described("A word for programs.")),
                    ("message", JSONSchema.text(1...100_000).described("What is wrong and what to do.")),
                    (
                        "fields",
                        JSONSchema.list(.object([("field", .text(0...100_000)), ("message", .text(0...100_000))]))
                            .described("Which fields are wrong, and why.")
                    ),
                ],
                optional: ["fields"]
            )
        )
    ])

    init(_ error: DeskError) {
        switch error {
        case .malformed: self.init(400, "malformed_json", error.description)
        case .invalid(let problems):
            self.init(422, "invalid_fields", error.description, fields: problems.problems)
        case .forbidden: self.init(403, "forbidden", error.description)
        case .missing: self.init(404, "not_found", error.description)
        case .taken(let problem): self.init(409, "already_exists", error.description, fields: [problem])
        case .inUse: self.init(409, "in_use", error.description)
        case .changed: self.init(412, "version_conflict", error.description)
        case .planLimit: self.init(409, "plan_limit", error.description)
        case .unfit: self.init(409, "unfit_state", error.description)
        }
    }

    var response: Response {
        var json = JSONWriter()
        json.object {
            $0.object("error") { json in
                json.member("code", code)
                json.member("message", message)
                guard !fields.isEmpty else { return }
                json.array("fields") { list in
                    for problem in fields {
                        list.object {
                            $0.member("field", problem.field)
                            $0.member("message", problem.message)
                        }
                    }
                }
            }
        }
        var response = Response.json(json.bytes, status: HTTPResponse.Status(code: status))
        if status == 401 { response.headers[.wwwAuthenticate] = "Bearer realm=\"sira admin\"" }
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }
}
