package import SiraWire

/// Where a provider departs from its protocol, as far as the operator says so; nil leaves it to the catalogue.
package struct QuirkSettings: Hashable, Sendable {
    /// The one name of the output limit that the provider knows.
    package var outputLimitField: Quirks.OutputLimitField?
    /// How the provider is made to report usage at the end of a stream.
    package var streamUsage: Quirks.StreamUsage?
    /// Whether message content must be a string, not a list of parts.
    package var flattensContent: Bool?
    /// nil is the catalogue's.
    package var continuesTurns: Bool?
    /// Where the provider says what it charges, in dollars, as a path within its usage figures.
    package var costField: String?
    /// Whether a provider of OpenAI's protocol has Responses too.
    package var speaksResponses: Bool?

    package init() {}

    /// Puts what is set here in place of what `quirks` says.
    package func override(_ quirks: inout Quirks) {
        if let outputLimitField { quirks.outputLimitField = outputLimitField }
        if let streamUsage { quirks.streamUsage = streamUsage }
        if let costField { quirks.costField = costField }
        if let speaksResponses { quirks.speaksResponses = speaksResponses }
        if let flattensContent { quirks.flattensContent = flattensContent }
        if let continuesTurns { quirks.continuesTurns = continuesTurns }
    }
}
