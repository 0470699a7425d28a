/// What the value of a field looks like, for schemas and help.
package indirect enum FieldShape: Hashable, Sendable {
    /// Text with lengths in bytes and, where it has one, a form such as `date-time`.
    case text(length: ClosedRange<Int>, format: String?)
    case word([String])
    case integer(ClosedRange<Int64>)
    /// Decimal dollars in a text.
    case money(signed: Bool)
    case boolean
    /// The id of a resource of this kind.
    case reference(ResourceKind)
    case list(FieldShape, ClosedRange<Int>)
    case object([FieldOutline])
}

/// One field, as schemas and help show it.
package struct FieldOutline: Hashable, Sendable {
    package let name: String
    package let summary: String
    package let shape: FieldShape
    /// Whether it has to be given when the thing is made.
    package let isRequired: Bool
    /// Whether it may be null.
    package let isOptional: Bool
    /// Whether it stays as it was made.
    package let isFixed: Bool
    /// Whether it is taken and never shown.
    package let isSecret: Bool
}
