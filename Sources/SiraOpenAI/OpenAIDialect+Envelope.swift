package import SiraCore
package import SiraJSON
package import SiraWire

extension OpenAIDialect {
    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        var envelope = try fields.envelope(of: operation, path: path)
        switch operation {
        case .chat: try fields.checkMessages()
        case .completion: try fields.require("prompt", "the text to continue")
        default:
            try fields.checkInput(of: operation)
            if operation == .speech { envelope.characters = json["input"]?.string?.unicodeScalars.count ?? 0 }
            return envelope
        }
        // A completion may ask for no tokens at all, to have its prompt scored.
        let least = operation == .completion ? 0 : 1
        _ = try fields.count("max_tokens", atLeast: least)
        _ = try fields.count("max_completion_tokens", atLeast: least)
        envelope.outputLimitKeySpan = outputLimitKey(in: json)
        envelope.isStream = try fields.flag("stream")
        let asks = try asksForUsage(fields)
        if envelope.isStream {
            envelope.asksForUsage = asks
            envelope.usageSplice = asks ? nil : usageSplice(in: json)
        }
        return envelope
    }

    /// Where the output limit's key stands; nil when both are there, for then renaming one would double the other.
    private func outputLimitKey(in json: JSONValue) -> Range<Int>? {
        var span: Range<Int>?
        for (key, value) in json.members
        where key.isString("max_tokens") || key.isString("max_completion_tokens") {
            guard span == nil else { return nil }
            span = value.isNull ? nil : key.span
        }
        return span
    }

    private func asksForUsage(_ fields: RequestFields) throws(GatewayError) -> Bool {
        guard let options = fields.json.present("stream_options") else { return false }
        guard options.kind == .object else {
            throw GatewayError(
                .invalidField,
                "\"stream_options\" must be an object or null.",
                field: "stream_options"
            )
        }
        guard let value = options.present("include_usage") else { return false }
        guard let asks = value.bool else {
            throw GatewayError(
                .invalidField,
                "\"include_usage\" must be true or false.",
                field: "stream_options.include_usage"
            )
        }
        return asks
    }

    /// What makes `stream_options.include_usage` true where it is not.
    ///
    /// The body is an object with a member at least.
    private func usageSplice(in json: JSONValue) -> Splice {
        guard let options = json["stream_options"] else {
            return Splice(
                inserting: ",\"stream_options\":{\"include_usage\":true}",
                at: json.span.upperBound - 1
            )
        }
        guard options.kind == .object else {
            return Splice(span: options.span, replacement: "{\"include_usage\":true}")
        }
        if let present = options["include_usage"] {
            return Splice(span: present.span, replacement: "true")
        }
        let isEmpty = options.members.first { _ in true } == nil
        return Splice(
            inserting: isEmpty ? "\"include_usage\":true" : ",\"include_usage\":true",
            at: options.span.upperBound - 1
        )
    }
}

extension Splice {
    fileprivate init(inserting text: String, at offset: Int) {
        self.init(span: offset..<offset, replacement: text)
    }
}
