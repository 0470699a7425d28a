package import SiraWire

/// Where a provider departs from its protocol, as far as the operator says so; nil leaves it to the catalogue.
package struct QuirkSettings: Hashable, Sendable {
    package var outputLimitField: Quirks.OutputLimitField?
    package var streamUsage: Quirks.StreamUsage?
    package var flattensContent: Bool?

    package init() {}

    /// Puts what is set here in place of what `quirks` says.
    package func override(_ quirks: inout Quirks) {
        if let outputLimitField { quirks.outputLimitField = outputLimitField }
        if let streamUsage { quirks.streamUsage = streamUsage }
        if let flattensContent { quirks.flattensContent = flattensContent }
    }
}
