import SiraCore
import SiraJSON

/// What a client says of an answer that it was given.
struct FeedbackRequest: Hashable, Sendable {
    /// The request's id as it was sent.
    var request: String
    /// From 0, as bad as can be, to 1.
    var score: Double
    var comment: String?
    var tags: [String] = []

    /// Characters of a comment, and how many tags of how many characters.
    static let commentLimit = 2_000
    static let tagLimit = (count: 20, length: 64)

    private static let names: Set<String> = ["request_id", "score", "scale", "comment", "tags"]

    /// Reads the body of `POST /v1/feedback`.
    ///
    /// - Throws: `invalidField` or `malformedRequest`, with what to send instead.
    init(_ json: JSONValue) throws(GatewayError) {
        guard json.kind == .object else {
            throw GatewayError(.malformedRequest, "Send an object such as {\"request_id\": \"req_…\", \"score\": 0.9}.")
        }
        for (key, _) in json.members {
            guard let name = key.string, !Self.names.contains(name) else { continue }
            throw Self.invalid(
                String(name.prefix(100)),
                "is no field of feedback: those are request_id, score, scale, comment and tags."
            )
        }
        guard let request = json["request_id"]?.string else {
            throw Self.invalid("request_id", "must be the id from an answer's x-sira-request-id header.")
        }
        self.request = request
        score = try Self.score(json["score"], scale: json.present("scale"))
        comment = try Self.comment(json.present("comment"))
        tags = try Self.tags(json.present("tags"))
    }

    /// A share; or yes and no, up and down; or a number of points from 1 to `scale`.
    private static func score(_ json: JSONValue?, scale: JSONValue?) throws(GatewayError) -> Double {
        let rule = "must be a number from 0 to 1, true or false, \"up\" or \"down\", or a number from 1 to \"scale\"."
        guard let json else { throw invalid("score", rule) }
        guard let scale else {
            if let isGood = json.bool { return isGood ? 1 : 0 }
            if json.isString("up") { return 1 }
            if json.isString("down") { return 0 }
            guard let number = json.double, (0...1).contains(number) else { throw invalid("score", rule) }
            return number
        }
        guard let most = scale.double, (2...1_000).contains(most) else {
            throw invalid("scale", "must be the highest score that can be given, from 2 to 1000.")
        }
        guard let number = json.double, (1...most).contains(number) else {
            throw invalid("score", "must be a number from 1 to the scale.")
        }
        return (number - 1) / (most - 1)
    }

    private static func comment(_ json: JSONValue?) throws(GatewayError) -> String? {
        guard let json else { return nil }
        guard let text = json.string, text.count <= commentLimit else {
            throw invalid("comment", "must be a text of at most \(commentLimit) characters.")
        }
        return text.isEmpty ? nil : text
    }

    private static func tags(_ json: JSONValue?) throws(GatewayError) -> [String] {
        guard let json else { return [] }
        let tags = json.elements.map(\.string)
        let texts = tags.compactMap { tag in tag.flatMap { $0.isEmpty || $0.count > tagLimit.length ? nil : $0 } }
        guard json.kind == .array, texts.count == tags.count, tags.count <= tagLimit.count else {
            throw invalid(
                "tags",
                "must be a list of at most \(tagLimit.count) texts of 1 to \(tagLimit.length) characters."
            )
        }
        return texts
    }

    private static func invalid(_ field: String, _ rule: String) -> GatewayError {
        GatewayError(.invalidField, "\"\(field)\" \(rule)", field: field)
    }
}
