package import HTTPTypes
package import SiraStorage
package import SiraTenancy

/// One thing that can be asked of the admin API: what it is, who may, and what is done.
///
/// Routing, checks, the OpenAPI document and its tests all follow from these.
package struct Endpoint: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Who may ask.
    package enum Access: Hashable, Sendable {
        /// Everyone; it tells nothing of this gateway.
        case open
        /// Everyone who is known.
        case anyone
        /// Who has the permission somewhere; the handler looks at what it is about.
        case holder(Permission)
        /// Who has the permission for the gateway as a whole.
        case gateway(Permission)
    }

    package var method: Method
    /// From `/api/v1` on, with names of its variables in braces: `/teams/{id}`.
    package var path: String
    /// The operation's name in the document, such as `create_team`.
    package var name: String
    /// The group that it is shown in.
    package var tag: String
    /// What it does, in a few words.
    package var summary: String
    /// What more there is to say; may be empty.
    package var details = ""
    package var access: Access
    package var parameters: [EndpointParameter] = []
    /// What is to be sent; nil for nothing.
    package var body: JSONSchema?
    /// The largest body, in bytes.
    package var bodyLimit = 1_048_576
    /// Whether nothing may be sent in place of ``body``, which then counts as an empty object.
    package var isBodyOptional = false
    /// The status of an answer that is no refusal.
    package var status = 200
    /// What is answered; nil for nothing.
    package var answer: JSONSchema?
    /// The media types that ``answer`` comes in.
    package var answerTypes = ["application/json"]
    /// Whether the answer has a version that changes can be tied to.
    package var isVersioned = false
    /// Whether a client may name its request, so that repeating it does nothing more.
    ///
    /// Not where what is sent or answered are secrets, of which nothing must be kept.
    package var isRepeatable = true
    /// Statuses of refusals beside the usual ones.
    package var moreRefusals: Set<Int> = []
    package var handle: @Sendable (EndpointRequest) async throws -> EndpointReply

    package init(
        _ method: Method,
        _ path: String,
        name: String,
        tag: String,
        _ summary: String,
        access: Access,
        answer: JSONSchema?,
        handle: @escaping @Sendable (EndpointRequest) async throws -> EndpointReply
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.tag = tag
        self.summary = summary
        self.access = access
        self.answer = answer
        self.handle = handle
    }

    /// The same with some of it changed.
    package func with(_ change: (inout Endpoint) -> Void) -> Endpoint {
        var endpoint = self
        change(&endpoint)
        return endpoint
    }

    /// The variables of the path.
    var variables: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

/// A parameter of the query.
package struct EndpointParameter: Sendable {
    package let name: String
    package let summary: String
    /// What values look like; scalars only.
    package let shape: FieldShape

    package init(_ name: String, _ shape: FieldShape, _ summary: String) {
        self.name = name
        self.shape = shape
        self.summary = summary
    }

    /// How many a list shows at most.
    package static let limit = EndpointParameter(
        "limit",
        .integer(1...200),
        "How many are told at most; 50 without it."
    )
}

/// What was asked, once all that can be checked beforehand has been.
package struct EndpointRequest: Sendable {
    package var author: Author
    /// Who sends it, as far as connection and headers tell.
    package var caller = Caller()
    /// The path's variables, by name.
    package var variables: [String: String] = [:]
    /// The query's parameters, by name.
    package var query: [String: String] = [:]
    /// JSON, as far as its content type says; empty for none.
    package var body: [UInt8] = []
    /// The version that `If-Match` names; nil when it names none.
    package var version: Int64?
    /// The last event of a stream that the client has seen; nil when it has seen none.
    package var lastEventID: String?
    /// Who asks, as far as they still may; nil once they may no longer.
    ///
    /// For answers that go on for long.
    package var recheck: @Sendable () async -> Author? = { nil }
    /// What the client names the request by, so that repeating it does nothing more; nil when it does not.
    package var idempotencyKey: String?

    /// What names what is done by the request, the same whenever it is repeated; nil where it does not say so.
    var repetition: String? {
        idempotencyKey.map { "request:\(ShortDigest.of("\(author.actor) \($0)"))" }
    }

    package init(author: Author) {
        self.author = author
    }

    /// The variable `id` of the path.
    package var id: String { variables["id"] ?? "" }
    /// How many a list is to show.
    package var limit: Int { query["limit"].flatMap { Int($0) } ?? 50 }
}

/// What is answered.
package struct EndpointReply: Sendable {
    /// JSON unless ``contentType`` says otherwise; empty for nothing.
    package var body: [UInt8]
    /// The body's media type where that is not JSON.
    package var contentType: String?
    /// What a browser may do with a body that is not JSON (`Content-Security-Policy`).
    package var securityPolicy = "default-src 'none'"
    /// What is sent piece by piece in place of ``body``; its ``contentType`` has to be said.
    package var stream: EndpointStream?
    /// For the file that a browser is to make of it; nil where it is to be shown.
    package var fileName: String?
    /// For `ETag`.
    package var version: Int64?
    /// What is kept for a repetition of the request in place of ``body``, where that holds a secret.
    package var kept: [UInt8]?
    /// Headers beside those of all answers; not kept for a repetition.
    package var headers: [Header] = []

    /// One field of the answer's head.
    package struct Header: Sendable {
        package let name: HTTPField.Name
        package let value: String

        package init(name: HTTPField.Name, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An answer that is sent piece by piece.
    package init(_ contentType: String, _ stream: EndpointStream) {
        self.init()
        (self.contentType, self.stream) = (contentType, stream)
    }

    package init(_ body: [UInt8] = [], version: Int64? = nil, kept: [UInt8]? = nil) {
        self.body = body
        self.version = version
        self.kept = kept
    }
}
