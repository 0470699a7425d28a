internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// An error as Google writes it (https://google.aip.dev/193).
struct GeminiError {
    var message: String?
    /// The HTTP status that the error names, by number or by word.
    var status: Int?
    /// Whether it is the operator's key that is refused; Google calls that a bad request.
    var isOfKey = false

    /// Reads `{"error": {"code", "message", "status", "details"}}`, alone or in a list; nil when it is none.
    init?(body root: JSONValue) {
        let root = root.kind == .array ? root.elements.first { _ in true } : root
        guard let error = root?.present("error") else { return nil }
        guard error.kind == .object else {
            guard let text = error.string, !text.isEmpty else { return nil }
            message = text
            return
        }
        message = error["message"]?.string
        if let code = error["code"]?.integer, (400..<600).contains(code) {
            status = Int(code)
        } else {
            status = (error["status"]?.string).flatMap(Self.status)
        }
        let reasons = error["details"]?.elements.compactMap { $0["reason"]?.string } ?? []
        isOfKey = reasons.contains("API_KEY_INVALID") || message?.hasPrefix("API key not valid") == true
    }

    /// The error as it ends a stream whose HTTP status was 200.
    var inStream: GatewayError { refusal(status: status ?? 500) }

    func refusal(status: Int) -> GatewayError {
        isOfKey ? .accountRefusal(status: status) : .refusal(status: status, saying: message)
    }

    /// The HTTP status for each of Google's words (https://cloud.google.com/apis/design/errors).
    private static func status(_ word: String) -> Int? { words.first { $0.word == word }?.status }

    /// Google's word for an HTTP status.
    static func word(_ status: Int) -> String {
        if let known = words.first(where: { $0.status == status }) { return known.word }
        switch status {
        case 400..<500: return "INVALID_ARGUMENT"
        case 502: return "UNAVAILABLE"
        default: return "INTERNAL"
        }
    }

    // The first of a status is the word that is written.
    private static let words: [(status: Int, word: String)] = [
        (400, "INVALID_ARGUMENT"), (400, "FAILED_PRECONDITION"), (400, "OUT_OF_RANGE"), (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"), (404, "NOT_FOUND"), (408, "DEADLINE_EXCEEDED"), (409, "ABORTED"),
        (409, "ALREADY_EXISTS"), (429, "RESOURCE_EXHAUSTED"), (499, "CANCELLED"), (500, "INTERNAL"),
        (500, "UNKNOWN"), (500, "DATA_LOSS"), (501, "UNIMPLEMENTED"), (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
    ]
}
