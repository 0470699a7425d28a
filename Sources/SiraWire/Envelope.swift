import SiraJSON

/// What the gateway must know of a request before it knows where the request goes.
///
/// Read once, from the body's JSON. Spans point into the body, so that a request to a provider of the same
/// protocol is the client's own bytes with a few splices.
package struct Envelope: Sendable {
    package var operation: Operation
    /// The model's name as the client wrote it.
    package var model: String
    /// Where the model's name stands in the body, quotes included; nil where it is in the path.
    ///
    /// An empty span is the place for the whole member in an object that has others, but not this one.
    package var modelSpan: Range<Int>?
    /// What stands there, where that is not ``model``: the path named another one, or none is there.
    package var writtenModel: String?
    /// Where the key of the model's name stands, quotes included, for hosts that want it out of the body.
    package var modelKeySpan: Range<Int>?
    /// Where else the model is named, as Gemini names it in a body: `models/NAME`, quotes included.
    package var modelResourceSpans: [Range<Int>] = []
    /// Whether the client asked for a stream.
    package var isStream: Bool
    /// Whether the client asked for usage figures at the end of its stream.
    ///
    /// Protocols that always give them: true.
    package var asksForUsage: Bool
    /// What makes the provider report usage at the end of a stream; nil when it does so already.
    package var usageSplice: Splice?
    /// Where the name of the output limit stands when it is spelled `max_tokens` or `max_completion_tokens`,
    /// quotes included, for providers that know only one of the two.
    package var outputLimitKeySpan: Range<Int>?

    /// Characters of the text that is to be spoken, by which some bill; 0 for other requests.
    package var characters = 0

    package init(operation: Operation, model: String, modelSpan: Range<Int>?) {
        self.operation = operation
        self.model = model
        self.modelSpan = modelSpan
        isStream = false
        asksForUsage = true
    }
}

extension Envelope {
    /// What must change in the client's own bytes for a model that is named otherwise, or a provider with its own ways.
    package func splices(for target: TargetModel) -> [Splice] {
        var splices: [Splice] = []
        if let modelSpan, target.name != writtenModel ?? model {
            var name = JSONWriter(capacity: 64)
            name.element(target.name)
            let isMissing = modelSpan.isEmpty
            let member = Array("\"model\":".utf8) + name.bytes + Array(",".utf8)
            splices.append(Splice(span: modelSpan, replacement: isMissing ? member : name.bytes))
        }
        if isStream, let usageSplice, target.quirks.streamUsage == .option { splices.append(usageSplice) }
        if let outputLimitKeySpan, let field = target.quirks.outputLimitField {
            splices.append(Splice(span: outputLimitKeySpan, replacement: "\"\(field.rawValue)\""))
        }
        return splices
    }
}

/// What the path of a request says, in protocols that say there what others say in the body.
package struct PathFacts: Hashable, Sendable {
    /// The model's name as the client wrote it.
    package var model: String?
    /// Whether the path is that of a stream.
    package var isStream = false
    /// Whether the stream is to come as one JSON array and not as server-sent events: Gemini's, without `alt=sse`.
    package var isArray = false

    package init(model: String? = nil, isStream: Bool = false, isArray: Bool = false) {
        self.model = model
        self.isStream = isStream
        self.isArray = isArray
    }
}

/// One change to a text: the bytes of `span` give way to `replacement`.
package struct Splice: Hashable, Sendable {
    package var span: Range<Int>
    package var replacement: [UInt8]

    package init(span: Range<Int>, replacement: [UInt8]) {
        self.span = span
        self.replacement = replacement
    }

    package init(span: Range<Int>, replacement: String) {
        self.init(span: span, replacement: Array(replacement.utf8))
    }
}
