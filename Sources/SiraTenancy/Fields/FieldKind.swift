package import SiraJSON

/// How a value is read from JSON, written to it and described.
package struct FieldKind<Value: Sendable>: Sendable {
    package let shape: FieldShape
    /// Reads a value that is not null.
    package let read: @Sendable (JSONValue) throws(FieldProblem) -> Value
    /// Writes a value, as an element of an array or after its key.
    package let write: @Sendable (Value, inout JSONWriter) -> Void
    /// The resources that the value names.
    package var references: @Sendable (Value) -> [ResourceReference] = { _ in [] }

    package init(
        _ shape: FieldShape,
        read: @escaping @Sendable (JSONValue) throws(FieldProblem) -> Value,
        write: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        self.shape = shape
        self.read = read
        self.write = write
    }

    /// The kind of a value that is made of this one's and tells it.
    ///
    /// - Parameter make: nil for what cannot be; the sentence that follows is then told.
    package func map<Other: Sendable>(
        _ make: @escaping @Sendable (Value) -> Other?,
        orSay complaint: String,
        back: @escaping @Sendable (Other) -> Value
    ) -> FieldKind<Other> {
        FieldKind<Other>(
            shape,
            read: { [read] json throws(FieldProblem) in
                guard let value = make(try read(json)) else { throw FieldProblem("", complaint) }
                return value
            },
            write: { [write] value, json in write(back(value), &json) }
        )
    }
}
