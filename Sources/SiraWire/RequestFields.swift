package import SiraCore
package import SiraJSON

/// Reads single fields of a client's request, and says what is wrong with those that are not what they should be.
///
/// Fields that Sira does not read are the provider's to judge.
package struct RequestFields {
    package let json: JSONValue

    /// - Throws: `invalidField` when the body is not an object.
    package init(_ json: JSONValue) throws(GatewayError) {
        guard json.kind == .object else {
            throw GatewayError(.invalidField, "The body must be a JSON object.")
        }
        self.json = json
    }

    /// The model's name, which must be there and not be empty, and where it stands.
    package func model() throws(GatewayError) -> (name: String, span: Range<Int>) {
        guard let value = json["model"] else {
            throw GatewayError(.invalidField, "Name the model in \"model\".", field: "model")
        }
        guard let name = value.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "\"model\" must be a string that is not empty.", field: "model")
        }
        return (name, value.span)
    }

    /// A boolean; false when it is absent or null.
    package func flag(_ key: StaticString) throws(GatewayError) -> Bool {
        guard let value = json.present(key) else { return false }
        guard let flag = value.bool else {
            throw GatewayError(.invalidField, "\"\(key)\" must be true or false.", field: key.description)
        }
        return flag
    }

    /// A whole number of at least `least`; nil when it is absent or null.
    package func count(_ key: StaticString, atLeast least: Int = 1) throws(GatewayError) -> Int? {
        guard let value = json.present(key) else { return nil }
        return try Self.count(value, field: key.description, atLeast: least)
    }

    /// The greatest number that is taken for a count of tokens or answers: no model goes so far, and sums of several
    /// stay within range.
    package static let greatestCount = Int(Int32.max)

    /// A whole number from `least` to ``greatestCount``.
    ///
    /// - Parameter field: its JSON path in the client's request.
    package static func count(
        _ value: JSONValue,
        field: String,
        atLeast least: Int = 1
    ) throws(GatewayError) -> Int {
        guard let number = value.integer, number >= least, number <= greatestCount else {
            throw GatewayError(
                .invalidField,
                "\"\(field)\" must be a whole number from \(least) to \(greatestCount).",
                field: field
            )
        }
        return Int(number)
    }

    /// The budget of `{"type": "enabled", "budget_tokens": …}`, Anthropic's words that other clients use as well.
    package static func thinkingBudget(_ thinking: JSONValue) throws(GatewayError) -> Int {
        let field = "thinking.budget_tokens"
        guard let budget = thinking.present("budget_tokens") else {
            throw GatewayError(.invalidField, "Thinking that is enabled needs \"budget_tokens\".", field: field)
        }
        return try count(budget, field: field)
    }

    /// A number within `range`; nil when it is absent or null.
    package func number(_ key: StaticString, in range: ClosedRange<Double>) throws(GatewayError) -> Double? {
        guard let value = json.present(key) else { return nil }
        guard let number = value.double, range.contains(number) else {
            throw GatewayError(
                .invalidField,
                "\"\(key)\" must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)).",
                field: key.description
            )
        }
        return number
    }

    /// Checks that the field is there and not null.
    package func require(_ key: StaticString, _ purpose: StaticString) throws(GatewayError) {
        guard json.present(key) == nil else { return }
        throw GatewayError(.invalidField, "Give \(purpose) in \"\(key)\".", field: key.description)
    }

    /// Checks that `messages` is a list of objects, at least one, each with a role.
    package func checkMessages() throws(GatewayError) {
        guard let messages = json["messages"], messages.kind == .array else {
            throw GatewayError(.invalidField, "Give the conversation as a list in \"messages\".", field: "messages")
        }
        var index = 0
        for message in messages.elements {
            guard message.kind == .object else {
                throw GatewayError(.invalidField, "Each message must be an object.", field: "messages[\(index)]")
            }
            guard message["role"]?.kind == .string else {
                throw GatewayError(
                    .invalidField,
                    "Each message must say its \"role\" as a string.",
                    field: "messages[\(index)].role"
                )
            }
            index += 1
        }
        guard index > 0 else {
            throw GatewayError(.invalidField, "\"messages\" must hold at least one message.", field: "messages")
        }
    }
}
