package import SiraJSON
package import SiraWire

extension Call {
    /// What the call asks for, a line for each thing that it says, for comparing.
    ///
    /// Turns of one role that follow one another are one, since protocols divide them differently. Where things stood in
    /// the client's request is left out, and JSON is written in one way.
    package var summary: [String] {
        var lines = turnLines
        if isStream { lines.append("stream") }
        lines += sampling.summary + reasoning.summary
        lines += tools.map(\.summary)
        if let toolChoice { lines.append("tool choice \(toolChoice)") }
        if let callsToolsInParallel { lines.append("parallel \(callsToolsInParallel)") }
        lines += formatLines
        if !outputModalities.isEmpty { lines.append("modalities \(outputModalities)") }
        if let logprobs { lines.append("logprobs \(logprobs.alternatives)") }
        if let verbosity { lines.append("verbosity \(verbosity)") }
        if let endUser { lines.append("end user \(endUser)") }
        if let metadata { lines.append("metadata \(metadata.canonical)") }
        if let keepsAnswer { lines.append("keeps answer \(keepsAnswer)") }
        if let cacheKey { lines.append("cache key \(cacheKey)") }
        if let serviceTier { lines.append("tier \(serviceTier.rawValue)") }
        if !extras.isEmpty { lines.append("extras \(extras)") }
        return lines
    }

    private var turnLines: [String] {
        var lines: [String] = []
        var last: String?
        for turn in turns {
            let speaker = "\(turn.role)" + (turn.name.map { " \($0)" } ?? "")
            if speaker != last { lines.append("turn \(speaker)") }
            last = speaker
            lines += turn.parts.map { "  " + $0.summary }
        }
        return lines
    }

    private var formatLines: [String] {
        switch outputFormat {
        case .text: []
        case .jsonObject: ["JSON object"]
        case .jsonSchema(let format):
            [
                "schema \(format.name ?? "-") \(format.description ?? "-") "
                    + "\(format.isStrict.map(String.init) ?? "-") \(format.schema.canonical)"
            ]
        }
    }
}

extension Sampling {
    fileprivate var summary: [String] {
        [
            temperature.map { "temperature \($0)" }, topP.map { "top p \($0)" }, topK.map { "top k \($0)" },
            seed.map { "seed \($0)" }, presencePenalty.map { "presence penalty \($0)" },
            frequencyPenalty.map { "frequency penalty \($0)" }, stop.isEmpty ? nil : "stop \(stop)",
            outputLimit.map { "output limit \($0)" }, answers == 1 ? nil : "answers \(answers)",
        ].compactMap { $0 }
    }
}

extension Reasoning {
    fileprivate var summary: [String] {
        [effort.map { "effort \($0)" }, mode.map { "thinking \($0)" }, display.map { "display \($0)" }]
            .compactMap { $0 }
    }
}

extension Tool {
    fileprivate var summary: String {
        switch self {
        case .function(let function):
            "function \(function.name) \(function.description ?? "-") \(function.parameters?.canonical ?? "-")"
                + (function.isStrict.map { " strict \($0)" } ?? "") + (function.cacheMark.map { " mark \($0)" } ?? "")
        case .native(let dialect, let type, let definition, _):
            "native tool \(dialect) \(type) \(definition.canonical)"
        }
    }
}

extension Part {
    /// The part in a line, for comparing.
    package var summary: String {
        content.summary + (cacheMark.map { " [mark \($0)]" } ?? "")
    }
}

extension PartContent {
    fileprivate var summary: String {
        switch self {
        case .text(let text): "text \(text)"
        case .refusal(let text): "refusal \(text)"
        case .image(let media, let detail): "image \(media) \(detail ?? "-")"
        case .audio(let media): "audio \(media)"
        case .document(let document):
            "document \(document.source) \(document.name ?? "-") \(document.context ?? "-")"
                + (document.isCited ? " cited" : "")
        case .toolCall(let call):
            "call \(call.id) \(call.name) \(RawJSON(call.arguments).canonical) \(call.signature ?? "-")"
        case .toolResult(let result):
            "result \(result.callID)\(result.isError ? " error" : "") \(result.parts.map(\.summary))"
        case .thinking(let thought): "thinking \(thought.text) \(thought.signature ?? "-")"
        case .redactedThinking(let data): "redacted \(data)"
        case .native(let dialect, let raw): "native \(dialect) \(raw.canonical)"
        }
    }
}

extension RawJSON {
    /// The JSON without spaces and with the members of objects in the order of their names; as it is where it is no
    /// JSON.
    package var canonical: String {
        let written = try? JSONIndexer().read(bytes, limits: .answer) { root in
            var json = JSONWriter()
            Self.write(root, into: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        return written ?? description
    }

    private static func write(_ value: JSONValue, into json: inout JSONWriter) {
        switch value.kind {
        case .object:
            let members = value.members.map { ($0.key.string ?? "", $0.value) }.sorted { $0.0 < $1.0 }
            json.object {
                for (key, value) in members {
                    $0.key(dynamic: key)
                    write(value, into: &$0)
                }
            }
        case .array:
            json.array {
                for element in value.elements { write(element, into: &$0) }
            }
        case .string: json.element(value.string ?? "")
        case .number: json.element(value.double ?? 0)
        case .null, .bool: json.element(value)
        }
    }
}
