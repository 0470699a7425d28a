/// What the gateway must know of a request before it knows where the request goes.
///
/// Read once, from the body's JSON. Spans point into the body, so that a request to a provider of the same
/// protocol is the client's own bytes with a few splices.
package struct Envelope: Sendable {
    package var operation: Operation
    /// The model's name as the client wrote it.
    package var model: String
    /// Where the model's name stands, quotes included.
    package var modelSpan: Range<Int>
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

    package init(operation: Operation, model: String, modelSpan: Range<Int>) {
        self.operation = operation
        self.model = model
        self.modelSpan = modelSpan
        isStream = false
        asksForUsage = true
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
