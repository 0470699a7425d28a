package import SiraCore

/// Why what a client wants cannot be read, or cannot be had.
package struct ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
    package var kind: Kind
    /// What is wrong and what is allowed.
    package var message: String
    package var source: Source

    package enum Kind: String, Sendable, CaseIterable {
        case tooLong, unknownTerm, badValue, badOperator, repeated, contradictory
    }

    /// Where it stood.
    package enum Source: Hashable, Sendable {
        /// After the model's name.
        case model
        /// In a header of that name.
        case header(String)

        /// How it is called in errors.
        package var name: String {
            switch self {
            case .model: "model"
            case .header(let name): name
            }
        }
    }

    init(_ kind: Kind, _ message: String, in source: Source) {
        self.kind = kind
        self.message = message
        self.source = source
    }

    package var description: String { "\(source.name): \(message)" }

    /// The refusal that the client is sent.
    package var refusal: GatewayError {
        GatewayError(
            .invalidField,
            "the objective in \(source.name) cannot be followed: \(message)",
            field: source.name
        )
    }
}
