internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes generated content: chunks as the events come, or one answer at their end.
///
/// Google's calls of tools are whole, so they wait for the last piece of their arguments. Why an answer ended is told
/// with the figures, in the last chunk.
struct GenerateWriter: AnswerWriter {
    private let request: AnswerRequest
    /// Whether the client wants to see thoughts; those who do not ask would take them for the answer.
    private let showsThoughts: Bool
    private var candidates = [GeneratedCandidate()]
    private var current = 0
    private var usage: Usage?
    private var failure: GatewayError?
    private(set) var dropped: [String] = []

    init(_ request: AnswerRequest) {
        showsThoughts = request.call.map { $0.reasoning.display == GenerateCallReader.shown } ?? true
        var request = request
        request.call = nil
        self.request = request
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        switch event {
        case .start(let answer):
            // Else whatever comes first says what is known.
            if let tier = answer.serviceTier, tier != .standard { drop("answer.service_tier") }
        case .choice(let number):
            guard (0..<GeneratedCandidate.most).contains(number) else { return }
            while candidates.count <= number { candidates.append(GeneratedCandidate()) }
            current = number
        case .usage(let figures):
            usage = figures.usage
        case .stop(let reason):
            flushCalls(atEnd: true, &output)
            if candidates[current].stop == nil { candidates[current].stop = reason }
        case .failure(let error):
            fail(error, &output)
        default:
            writeContent(event, &output)
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if let failure {
            if !request.isStream { output += GeminiDialect().errorBody(failure, request: request.request) }
            return
        }
        for index in candidates.indices {
            current = index
            flushCalls(atEnd: true, &output)
        }
        guard failure == nil else { return }
        send(candidates.indices.map { $0 }, isLast: true, &output)
    }

    // MARK: content

    private mutating func writeContent(_ event: AnswerEvent, _ output: inout [UInt8]) {
        switch event {
        case .thinking where !showsThoughts: return
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "call_\(request.request.description.dropFirst(4))_\(part)" : id
            candidates[current].openCall(part, id: id, name: name)
        case .toolArguments(let part, let piece):
            switch candidates[current].addArguments(piece, to: part) {
            case .done: break
            case .tooLong: fail("The arguments of the model's calls are longer than is passed on.", &output)
            case .late: fail("The model went on with a call that was complete.", &output)
            }
        case .signature(let part, let signature):
            // The proof of a thought goes with a call, or, where Google has made it, with text.
            guard let own = ProofMaker.gemini.own(signature) else { return drop("answer.signature") }
            if candidates[current].sign(part, own) { return }
            guard ProofMaker(of: signature) == .gemini, !candidates[current].isThought(part) else {
                return drop("answer.signature")
            }
            add(.signature(own), part, &output)
        case .text(let part, let text), .refusal(let part, let text), .transcript(let part, let text):
            add(.text(text), part, &output)
        case .thinking(let part, let text):
            add(.thought(text), part, &output)
        case .audio(let part, let data):
            // OpenAI streams bare samples, and sends whole answers as a file.
            let type = request.isStream ? "audio/L16;rate=24000" : "audio/wav"
            add(.blob(type: type, data: data), part, &output)
        case .media(let part, .base64(let type, let data)):
            add(.blob(type: type, data: data), part, &output)
        case .media(let part, .url(let address)), .media(let part, .file(let address)):
            add(.file(address), part, &output)
        case .native(let part, .gemini, let block):
            add(.native(block), part, &output)
        case .citation(let part, let citation):
            candidates[current].cite(citation, part)
        case .logprobs(_, let tokens):
            candidates[current].logprobs += tokens
            if request.isStream { sendPieces(&output) }
        case .native: drop("answer.native")
        case .redactedThinking: drop("answer.redacted_thinking")
        case .start, .choice, .usage, .stop, .failure: break  // not content
        }
    }

    private mutating func drop(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    private mutating func add(_ piece: GeneratedPiece, _ part: Int, _ output: inout [UInt8]) {
        flushCalls(&output)
        candidates[current].add(piece, to: part, joins: !request.isStream)
        if request.isStream { sendPieces(&output) }
    }

    /// Ends the calls that are open: of a stream those that are whole, where something else follows.
    private mutating func flushCalls(atEnd: Bool = false, _ output: inout [UInt8]) {
        guard atEnd || request.isStream else { return }
        let hasClosed =
            atEnd
            ? candidates[current].closeCalls(inPlace: !request.isStream) : candidates[current].closeWholeCalls()
        if hasClosed, request.isStream { sendPieces(&output) }
    }

    private mutating func fail(_ message: String, _ output: inout [UInt8]) {
        fail(GatewayError(.upstreamProtocol, message), &output)
    }

    private mutating func fail(_ error: GatewayError, _ output: inout [UInt8]) {
        failure = error
        if request.isStream { output += GeminiDialect().errorEvent(error, request: request.request) }
    }

    // MARK: answers and chunks

    /// Sends what the current candidate has gathered, as a chunk.
    private mutating func sendPieces(_ output: inout [UInt8]) {
        send([current], isLast: false, &output)
        candidates[current].forget()
    }

    private func send(_ indices: [Int], isLast: Bool, _ output: inout [UInt8]) {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.array("candidates") {
                for index in indices { candidates[index].write(index, isLast: isLast, into: &$0) }
            }
            if isLast, let usage { Self.write(usage, into: &$0) }
            $0.member("modelVersion", request.model)
            $0.member("responseId", request.request.description)
        }
        if request.isStream { output += "data: ".utf8 }
        output += json.bytes
        if request.isStream { output += "\n\n".utf8 }
    }

    /// The figures as Google counts them, thoughts and what tools have read apart.
    private static func write(_ usage: Usage, into json: inout JSONWriter) {
        json.object("usageMetadata") {
            $0.member("promptTokenCount", max(0, usage.input - usage.toolPrompt))
            $0.member("candidatesTokenCount", max(0, usage.output - usage.reasoning))
            if usage.reasoning > 0 { $0.member("thoughtsTokenCount", usage.reasoning) }
            if usage.cacheRead > 0 { $0.member("cachedContentTokenCount", usage.cacheRead) }
            if usage.toolPrompt > 0 { $0.member("toolUsePromptTokenCount", usage.toolPrompt) }
            $0.member("totalTokenCount", usage.input + usage.output)
        }
    }
}
