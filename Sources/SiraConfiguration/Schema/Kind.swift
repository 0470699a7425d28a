/// How a type of value is read, written and described.
///
/// Each type of value in the file has one.
struct Kind<Value: Equatable & Sendable>: Sendable {
    var shape: Shape
    /// The value that a node holds.
    ///
    /// Returns nil after noting in the reader what is wrong.
    var read: @Sendable (SettingNode, inout Reader) -> Value?
    /// The value as it is written in the file, on one line; nil when it takes more.
    var write: @Sendable (Value) -> String?
    /// Replaces what environment variables set inside the value.
    var overlay: @Sendable (inout Value, inout Reader) -> Void = { _, _ in }
    /// The paths inside `path` whose values differ and need a restart.
    var restartDifferences: @Sendable (_ old: Value, _ new: Value, _ path: String) -> [String] = { _, _, _ in [] }
    /// Puts what needs a restart inside the value back to what `running` has.
    var keepRunning: @Sendable (_ new: inout Value, _ running: Value) -> Void = { _, _ in }
}

extension Kind {
    /// A kind for values that are one text each.
    ///
    /// - Parameters:
    ///   - parse: makes the value of the text, or says what is wrong with it, as the end of the sentence that begins
    ///     with the text in quotes.
    static func scalar(
        _ shape: ScalarShape,
        write: @escaping @Sendable (Value) -> String?,
        parse: @escaping @Sendable (String) throws(Refusal) -> Value
    ) -> Kind {
        Kind(
            shape: .scalar(shape),
            read: { node, reader in
                guard let text = reader.text(of: node, expected: shape.label) else { return nil }
                do throws(Refusal) {
                    return try parse(text)
                } catch {
                    reader.fail("\(reader.shown(text, from: node)) \(error.reason)", at: node.place)
                    return nil
                }
            },
            write: write
        )
    }
}

extension Kind {
    /// A kind for values of this form.
    static func scalar(_ form: TextForm<Value>) -> Kind {
        .scalar(form.shape, write: form.write, parse: form.parse)
    }

    /// A kind for values of this form, or a word in the place of one, such as `off`.
    static func scalar<Wrapped>(_ form: TextForm<Wrapped>, or word: String) -> Kind where Value == Wrapped? {
        let shape = ScalarShape(label: "\(form.shape.label) | \(word)", forms: [.words([word])] + form.shape.forms)
        return .scalar(shape, write: { value in value.map(form.write) ?? word }) { text throws(Refusal) in
            if text == word { return nil }
            do throws(Refusal) {
                return try form.parse(text)
            } catch {
                throw Refusal("\(error.reason); or write \(word)")
            }
        }
    }
}

/// How a value that is one text is described, written and read.
struct TextForm<Value: Sendable>: Sendable {
    var shape: ScalarShape
    /// The value as it is written in the file; nil when it cannot be.
    var write: @Sendable (Value) -> String?
    /// Makes the value of the text, or says what is wrong with it.
    var parse: @Sendable (String) throws(Refusal) -> Value
}

/// Why a text is not a value of its kind: the end of a sentence, such as `is not a duration; write …`.
struct Refusal: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
