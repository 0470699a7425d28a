internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads what Gemini has generated, streamed or whole, as events.
///
/// A stream has no last event. Why an answer ended is told at the end, for figures may follow the reason.
struct GenerateReader: AnswerReader {
    private let isStream: Bool
    private(set) var isOver = false
    private var hasStarted = false
    private var candidates: [OpenCandidate] = []
    /// The candidate that the last events were about.
    private var current = 0
    private var parts = 0
    private var blocked: String?
    private var searches = 0
    private var figures: ReportedUsage?

    /// More answers than this are never asked for; what claims to be one is passed over.
    private static let mostCandidates = 128

    init(isStream: Bool) {
        self.isStream = isStream
    }

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            if !isStream {
                try indexer.read(block, limits: .answer) { root in
                    for chunk in root.listed { take(chunk, &events) }
                }
            } else if let data = SSEEvent.singleData(in: block) {
                try indexer.read(data, limits: .answer) { take($0, &events) }
            } else if let data = SSEEvent(block: block).data {
                try indexer.read(data, limits: .answer) { take($0, &events) }
            }
        } catch {
            isOver = true
            throw GatewayError(.upstreamProtocol, "The provider's answer cannot be read: \(error).")
        }
    }

    mutating func finish(into events: inout [AnswerEvent]) {
        guard !isOver else { return }
        isOver = true
        if let blocked, candidates.isEmpty {
            if !blocked.isEmpty { events.append(.refusal(part: nextPart(), blocked)) }
            return events.append(.stop(.refusal))
        }
        // A whole answer is whole, whether it says why it ends or not.
        let isComplete = !candidates.isEmpty && candidates.allSatisfy { $0.reason != nil || !isStream }
        guard isComplete else {
            return events.append(
                .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
            )
        }
        for index in candidates.indices {
            closeCall(index, &events)
            if let failure = candidates[index].failure { return events.append(.failure(failure)) }
        }
        for index in candidates.indices {
            select(index, &events)
            events.append(.stop(candidates[index].stop))
        }
    }

    // MARK: chunks

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        guard !isOver else { return }
        if json["candidates"] == nil, let error = GeminiError(body: json) {
            isOver = true
            return events.append(.failure(error.inStream))
        }
        let usage = json.present("usageMetadata")
        if !hasStarted {
            hasStarted = true
            let tier = usage?["serviceTier"]?.string.flatMap { Call.ServiceTier(rawValue: $0.lowercased()) }
            events.append(.start(AnswerStart(serviceTier: tier, identifier: json["responseId"]?.string)))
        }
        for (position, candidate) in (json.present("candidates")?.listed ?? []).enumerated() {
            let index = candidate.present("index").map { $0.integer.flatMap(Int.init(exactly:)) ?? -1 } ?? position
            guard (0..<Self.mostCandidates).contains(index) else { continue }
            searches = max(searches, ReportedUsage.searches(candidate, modelVersion: json["modelVersion"]?.string))
            takeCandidate(candidate, index, &events)
        }
        if let feedback = json.present("promptFeedback"), let reason = feedback["blockReason"]?.string {
            blocked = feedback["blockReasonMessage"]?.string ?? "The prompt was blocked (\(reason))."
        }
        if let read = usage.flatMap({ ReportedUsage(gemini: $0) }) { figures = read }
        figures?.usage.webSearches = searches
        if let figures, usage != nil { events.append(.usage(figures)) }
    }

    private mutating func takeCandidate(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        while candidates.count <= index { candidates.append(OpenCandidate()) }
        select(index, &events)
        // In a whole answer each part stands for itself; in a stream it may go on from chunk to chunk.
        if !isStream { candidates[index].open = nil }
        let content = json.present("content")
        for part in content?.present("parts")?.listed ?? [] {
            takePart(part, index, &events)
            if !isStream { candidates[index].open = nil }
        }
        if let result = json.present("logprobsResult") {
            let tokens = TokenLogprob.tokens(of: result)
            let part = candidates[index].lastText ?? textPart(index)
            if !tokens.isEmpty { events.append(.logprobs(part: part, tokens)) }
        }
        takeSources(json, index, &events)
        if let reason = json.present("finishReason")?.string, !reason.isEmpty {
            candidates[index].reason = reason
            candidates[index].message = json.present("finishMessage")?.string
        }
    }

    private mutating func takeSources(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard let sources = Sources(json), candidates[index].isNew(sources.raw) else { return }
        let part = candidates[index].lastText ?? textPart(index)
        for citation in sources.citations(of: candidates[index].text(of: part)) {
            events.append(.citation(part: part, citation))
        }
        // The searches and the way in which they must be shown.
        if let whole = sources.presentation { events.append(.native(part: nextPart(), .gemini, whole)) }
    }

    /// Says whose events follow, where they are another candidate's than those before.
    private mutating func select(_ index: Int, _ events: inout [AnswerEvent]) {
        guard index != current else { return }
        current = index
        events.append(.choice(index))
    }

    private mutating func nextPart() -> Int {
        defer { parts += 1 }
        return parts
    }

    private mutating func textPart(_ index: Int) -> Int {
        part(.text, index)
    }

    /// The part that goes on, or a new one where the kind has changed.
    private mutating func part(_ kind: OpenCandidate.Kind, _ index: Int) -> Int {
        if let open = candidates[index].open, open.kind == kind { return open.part }
        let part = nextPart()
        candidates[index].open = (kind, part)
        return part
    }

    // MARK: parts

    private mutating func takePart(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        let signature = json.present("thoughtSignature")?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let call = json.present("functionCall") {
            return takeCall(call, signature, index, &events)
        }
        closeCall(index, &events)
        if let text = json["text"]?.string {
            let isThought = json["thought"]?.bool == true
            if !text.isEmpty {
                let part = part(isThought ? .thinking : .text, index)
                if !isThought { candidates[index].append(text, to: part) }
                events.append(isThought ? .thinking(part: part, text) : .text(part: part, text))
            }
            guard let signature else { return }
            let signed = candidates[index].open?.part ?? part(isThought ? .thinking : .text, index)
            return events.append(.signature(part: signed, ProofMaker.gemini.named(signature)))
        }
        guard json.kind == .object, json.members.contains(where: { !$0.key.isString("thoughtSignature") }) else {
            return
        }
        candidates[index].open = nil
        let part = nextPart()
        if let blob = json.present("inlineData"), let data = blob["data"]?.string {
            let type = blob["mimeType"]?.string ?? "application/octet-stream"
            let isSound = FileType(type).isAudio
            events.append(isSound ? .audio(part: part, data) : .media(part: part, .base64(type: type, data: data)))
        } else if let address = json.present("fileData")?["fileUri"]?.string {
            events.append(.media(part: part, .url(address)))
        } else {
            events.append(.native(part: part, .gemini, json.rawJSON))
        }
        if let signature { events.append(.signature(part: part, ProofMaker.gemini.named(signature))) }
    }

    /// Takes a call of a tool: whole, or piece by piece where the client asked for that.
    private mutating func takeCall(
        _ json: JSONValue,
        _ signature: String?,
        _ index: Int,
        _ events: inout [AnswerEvent]
    ) {
        let name = json["name"]?.string
        if let name {
            closeCall(index, &events)
            let part = nextPart()
            candidates[index].open = nil
            candidates[index].hasCalls = true
            events.append(.toolCall(part: part, id: json["id"]?.string ?? "", name: name))
            candidates[index].call = (part, PartialArguments())
        }
        guard let call = candidates[index].call else { return }
        if let signature { events.append(.signature(part: call.part, signature)) }
        for piece in json.present("partialArgs")?.elements ?? json.elements {
            candidates[index].call?.arguments.take(piece)
        }
        if let whole = json.present("args") {
            candidates[index].call = nil
            events.append(.toolArguments(part: call.part, whole.rawJSON.description))
        } else if json["willContinue"]?.bool != true {
            closeCall(index, &events)
        }
    }

    /// Says the arguments of a call that came in pieces.
    private mutating func closeCall(_ index: Int, _ events: inout [AnswerEvent]) {
        guard let call = candidates[index].call else { return }
        candidates[index].call = nil
        events.append(.toolArguments(part: call.part, call.arguments.json.description))
    }
}

/// An answer that is being read.
private struct OpenCandidate {
    enum Kind { case text, thinking }

    var open: (kind: Kind, part: Int)?
    var call: (part: Int, arguments: PartialArguments)?
    var hasCalls = false
    var reason: String?
    var message: String?
    /// The text of the last part of text, which sources point into by their bytes; nil once it is too long to keep.
    private var words: String? = ""
    private(set) var lastText: Int?
    private var lastSources: RawJSON?

    /// Bytes of text that are kept to find out where citations stand: no stream is collected whole.
    private static let longestText = 1 << 18

    mutating func append(_ text: String, to part: Int) {
        if lastText != part { words = "" }
        lastText = part
        guard let size = words?.utf8.count else { return }
        if size + text.utf8.count > Self.longestText { words = nil } else { words?.append(text) }
    }

    func text(of part: Int) -> String? { part == lastText ? words : nil }

    /// Whether sources differ from the last ones: some streams repeat them in each chunk.
    mutating func isNew(_ sources: RawJSON) -> Bool {
        guard sources != lastSources else { return false }
        lastSources = sources
        return true
    }

    var stop: StopReason {
        switch reason {
        case "MAX_TOKENS": .outputLimit
        case nil, "STOP", "FINISH_REASON_UNSPECIFIED": hasCalls ? .toolCalls : .complete
        default: Self.refusals.contains(reason ?? "") ? .refusal : hasCalls ? .toolCalls : .complete
        }
    }

    /// What has gone wrong, where the answer broke off for that reason, or there is none.
    ///
    /// A call of a tool that was not declared is whole all the same: the client can tell the model so.
    /// Where only a picture is missing, or nobody says what, words that are there are an answer.
    var failure: GatewayError? {
        guard let reason else { return nil }
        let isBroken = Self.failures.contains(reason) && !(hasCalls && reason == "UNEXPECTED_TOOL_CALL")
        guard isBroken || (Self.emptyAnswers.contains(reason) && lastText == nil && !hasCalls) else { return nil }
        let words = message.map { ": \($0)" } ?? "."
        return GatewayError(.upstreamFailed, "The model gave no answer that can be used (\(reason))\(words)")
    }

    private static let refusals: Set<String> = [
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR",
    ]
    private static let failures: Set<String> = [
        "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
    ]
    private static let emptyAnswers: Set<String> = ["MALFORMED_RESPONSE", "IMAGE_OTHER", "NO_IMAGE", "OTHER"]
}
