/// What a value looks like in the file: the part of its description that documents are made of.
indirect enum Shape: Sendable {
    case scalar(ScalarShape)
    case list(Shape)
    /// Named entries; `key` is what a name stands for, such as `id`.
    case map(key: String, Shape)
    case section(SectionShape)
    case either(Shape, Shape)
}

/// A value that is written as one text.
struct ScalarShape: Sendable {
    /// What people call it, such as `duration`.
    var label: String
    /// Its forms in JSON Schema.
    ///
    /// References to variables are allowed everywhere and not among them.
    var forms: [Form]
    /// Whether values are never shown.
    var isSecret = false

    enum Form: Sendable {
        case text(pattern: String?)
        case boolean
        case integer(ClosedRange<Int>)
        /// A number that is not negative.
        case number
        /// A number within a range.
        case decimal(ClosedRange<Double>)
        case words([String])
    }
}

/// A group of fields.
struct SectionShape: Sendable {
    var summary: String
    var fields: [FieldShape]
}

/// A field as documents show it.
struct FieldShape: Sendable {
    var name: String
    /// One or more sentences: what it is for, and what to know before changing it.
    var summary: String
    var shape: Shape
    /// The default as it would be written in the file; nil when there is none.
    var defaultText: String?
    /// What holds when the field is absent and has no default, in words.
    var absent: String?
    /// A value as it could be written in the file.
    var example: String?
    /// The variable whose value replaces the file's.
    var variable: String?
    var needsRestart = false
    var isRequired = false
    /// Whether only the file can set it, and no layer over it.
    var isFileOnly = false
    /// Whether it says where the secrets of its section are sent.
    var isDestination = false
}
