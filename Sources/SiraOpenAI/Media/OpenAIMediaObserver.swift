internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches pictures, speech, transcriptions and rankings pass through.
///
/// Their streams are of typed events: each names its `type`, whose last word says what it is. The figures come with the
/// last one, `….completed` or `….done`; behind it some send `[DONE]`.
struct OpenAIMediaObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    private(set) var mayEnd = false
    private let operation: Operation
    private let costField: String?

    init(operation: Operation, costField: String?) {
        self.operation = operation
        self.costField = costField
    }

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        guard let data = SSEEvent(block: event).data else { return .frame }
        if data == Array("[DONE]".utf8) { return .last }
        return (try? indexer.read(data, limits: .answer) { read($0) }) ?? .frame
    }

    private mutating func read(_ root: JSONValue) -> EventRole {
        if let error = OpenAIError(event: root) { return .failure(error.inStream) }
        readUsage(root)
        let type = root["type"]?.string ?? ""
        if type.hasSuffix(".completed") || type.hasSuffix(".done") { mayEnd = true }
        // Each part of a stream carries a piece of text, of sound or of a picture.
        guard !type.isEmpty, type != "error" else { return .frame }
        contentEvents += 1
        return .content
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root -> OpenAIError? in
            readUsage(root)
            let isAnswer = ["data", "text", "results", "audio"].contains { root.members.contains(name: $0) }
            return isAnswer ? nil : OpenAIError(event: root)
        }
        return (error ?? nil)?.inStream
    }

    private mutating func readUsage(_ root: JSONValue) {
        let figures = root.present("usage") ?? root["meta"]?.present("billed_units")
        var usage = reported?.usage ?? Usage()
        if operation.makesPictures {
            let isPicture = root["type"]?.string?.hasSuffix(".completed") ?? false
            usage.images += root["data"].map { $0.elements.reduce(0) { count, _ in count + 1 } } ?? (isPicture ? 1 : 0)
        }
        if let figures, let read = ReportedUsage(media: figures, of: operation, costField: costField, besides: usage) {
            reported = read
        } else if usage.images > 0 {
            reported = ReportedUsage(usage)
        }
    }
}

extension Operation {
    fileprivate var makesPictures: Bool { self == .imageGeneration || self == .imageEdit || self == .imageVariation }
}

extension ReportedUsage {
    /// Reads the figures of an answer that is not, or not only, text; nil when there are none that Sira knows.
    ///
    /// - Parameter counted: what has been counted in the answer itself.
    fileprivate init?(media json: JSONValue, of operation: Operation, costField: String?, besides counted: Usage) {
        guard json.kind == .object else { return nil }
        let input =
            json.present("input_token_details") ?? json.present("input_tokens_details")
            ?? json.present("prompt_tokens_details")
        let output =
            json.present("output_tokens_details") ?? json.present("output_token_details")
            ?? json.present("completion_tokens_details")
        let total = json.count("total_tokens")
        let prompt = json.count("input_tokens") ?? json.count("prompt_tokens") ?? (operation == .rerank ? total : nil)
        let answer = json.count("output_tokens") ?? json.count("completion_tokens") ?? (operation == .rerank ? 0 : nil)
        var usage = counted
        usage.input = prompt ?? 0
        usage.output = answer ?? 0
        usage.inputAudio = min(usage.input, input?.count("audio_tokens") ?? 0)
        usage.inputImage = min(usage.input - usage.inputAudio, input?.count("image_tokens") ?? 0)
        usage.cacheRead = min(usage.input, input?.count("cached_tokens") ?? 0)
        usage.outputAudio = min(usage.output, output?.count("audio_tokens") ?? 0)
        // Where the parts are not told, all of it is the picture.
        let pictured = output?.count("image_tokens") ?? (operation.makesPictures ? usage.output : 0)
        usage.outputImage = min(usage.output - usage.outputAudio, pictured)
        usage.inputAudioTime = json.milliseconds("seconds") ?? json.milliseconds("prompt_audio_seconds") ?? 0
        usage.searchUnits = json.count("search_units") ?? 0
        let isCounted = usage.images > 0 || usage.inputAudioTime > 0 || usage.searchUnits > 0
        let charge = costField.flatMap { json.dollars(at: $0) }
        guard isCounted || prompt != nil || answer != nil || total != nil || charge != nil else { return nil }
        self.init(usage)
        let isOfTokens = prompt != nil || (answer ?? 0) > 0 || total != nil
        lacksInput = isOfTokens && prompt == nil
        lacksOutput = isOfTokens && answer == nil
        self.charge = charge
    }
}

extension JSONValue {
    /// A count: not negative, and small enough that sums cannot overflow.
    fileprivate func count(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }

    /// A time that is given in seconds, rounded up.
    fileprivate func milliseconds(_ key: StaticString) -> Int? {
        guard let seconds = self[key]?.double, seconds >= 0, seconds < Double(1 << 30) else { return nil }
        return Int((seconds * 1_000).rounded(.up))
    }
}

extension JSONValue.Members {
    fileprivate func contains(name: String) -> Bool { contains { key, _ in key.string == name } }
}
