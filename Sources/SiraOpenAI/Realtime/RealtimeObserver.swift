internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches a session of OpenAI's Realtime pass through.
///
/// Nearly every message is told by a few bytes, audio above all. Read as JSON are those that bring usage, that set what
/// the session is, and of the client's those that could name a model.
struct RealtimeObserver: SessionObserver {
    private let models: SessionModels
    private let costField: String?
    /// The model that writes down what the user says, as the provider has confirmed it.
    private var transcriber: String?

    init(_ models: SessionModels, costField: String?) {
        self.models = models
        self.costField = costField
    }

    // MARK: the client's messages

    mutating func observe(
        sent message: UnsafeRawBufferPointer,
        indexer: JSONIndexer
    ) throws(GatewayError) -> [Splice] {
        // A key between its quotes stands nowhere else in JSON, unless it is written with escapes.
        guard message.contains("\"model\"") || message.contains("\\u") else { return [] }
        let models = models
        do {
            return try indexer.read(message, limits: .request) { root throws(GatewayError) in
                try RealtimeModelFields(models).read(root)
            }
        } catch let error as GatewayError {
            throw error
        } catch {
            throw GatewayError(.invalidJSON, "An event cannot be read: \(error). Send one valid JSON object.")
        }
    }

    // MARK: the provider's messages

    mutating func observe(received message: UnsafeRawBufferPointer, indexer: JSONIndexer) -> SessionEvent {
        switch RealtimeEventKind(message) {
        case .other: return .frame
        case .content: return .content
        case .telling:
            let event = try? indexer.read(message, limits: .answer) { root in read(root) }
            return event ?? .frame
        }
    }

    private mutating func read(_ root: JSONValue) -> SessionEvent {
        switch root["type"]?.string {
        case "response.created":
            return .began
        case "response.done":
            return .ended(use(of: root))
        case "conversation.item.input_audio_transcription.completed":
            let reported = root.present("usage").flatMap { ReportedUsage(realtime: $0, costField: costField) }
            return .aside(SessionUse(model: transcriber ?? "", reported: reported))
        case "session.created", "session.updated", "transcription_session.created", "transcription_session.updated":
            if let session = root.present("session") { transcriber = session.transcriber }
            return .frame
        default:
            return .frame
        }
    }

    private func use(of event: JSONValue) -> SessionUse {
        let response = event.present("response")
        // xAI puts the figures beside the response, and nothing where they should be.
        let places = [response?.present("usage"), event.present("usage")].compactMap(\.self)
        let reported = places.lazy.compactMap { ReportedUsage(realtime: $0, costField: costField) }.first
        guard response?["status"]?.isString("failed") ?? false else { return SessionUse(reported: reported) }
        let error = response?.present("status_details")?.present("error")
        return SessionUse(reported: reported, failure: OpenAIError(error).inStream)
    }
}

/// What a provider's message is, as far as a few of its bytes tell.
private enum RealtimeEventKind {
    /// Carries a part of an answer.
    case content
    /// Must be read.
    case telling
    case other

    init(_ message: UnsafeRawBufferPointer) {
        if Self.tellingTypes.contains(where: message.contains) {
            self = .telling
        } else {
            self = message.contains(".delta\"") && message.contains("\"response.") ? .content : .other
        }
    }

    private static let tellingTypes: [StaticString] = [
        "\"response.done\"", "\"response.created\"", "\"conversation.item.input_audio_transcription.completed\"",
        "\"session.created\"", "\"session.updated\"", "\"transcription_session.created\"",
        "\"transcription_session.updated\"",
    ]
}

extension JSONValue {
    /// The model that writes down what is said, where a session has one: in today's shape, or in that of the beta.
    fileprivate var transcriber: String? {
        let today = present("audio")?.present("input")?.present("transcription")
        return (today ?? present("input_audio_transcription"))?.present("model")?.string
    }
}

extension OpenAIError {
    fileprivate init(_ json: JSONValue?) {
        self.init()
        if let json { self = OpenAIError(json) }
    }
}
