/// Writes JSON into a byte array, front to back, commas included.
///
///     var json = JSONWriter()
///     json.object {
///         $0.member("model", "claude")
///         $0.array("messages") { $0.element("hello") }
///     }
///
/// It trusts its caller to give keys only inside objects and elements only inside arrays.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends `text` as a JSON string, quotes included, to bytes that are written by other means.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        JSONEscaping.appendQuoted(text, to: &bytes)
    }

    // MARK: containers

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try container("{", "}", body)
    }

    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try container("[", "]", body)
    }

    package mutating func object(_ key: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.key(key)
        try object(body)
    }

    package mutating func array(_ key: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.key(key)
        try array(body)
    }

    private mutating func container(
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    // MARK: members

    /// Begins a member whose value is written next.
    package mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins a member whose key is not known at compile time.
    package mutating func key(dynamic key: String) {
        separate()
        JSONEscaping.appendQuoted(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func member(_ key: StaticString, _ value: String) {
        self.key(key)
        element(value)
    }

    package mutating func member(_ key: StaticString, _ value: some BinaryInteger) {
        self.key(key)
        element(value)
    }

    package mutating func member(_ key: StaticString, _ value: Bool) {
        self.key(key)
        element(value)
    }

    package mutating func member(_ key: StaticString, _ value: Double) {
        self.key(key)
        element(value)
    }

    package mutating func member(_ key: StaticString, _ value: RawJSON) {
        self.key(key)
        element(value)
    }

    /// Writes the members of an object that is JSON already; the caller answers for its being one.
    package mutating func members(of object: RawJSON) {
        let inside = object.bytes.dropFirst().dropLast()
        guard !inside.isEmpty else { return }
        separate()
        bytes.append(contentsOf: inside)
        needsComma = true
    }

    package mutating func null(_ key: StaticString) {
        self.key(key)
        null()
    }

    // MARK: elements

    package mutating func element(_ value: String) {
        separate()
        JSONEscaping.appendQuoted(value, to: &bytes)
        needsComma = true
    }

    package mutating func element(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    package mutating func element(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Infinities and NaN, which JSON lacks, become `null`.
    package mutating func element(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        if let whole = Int64(exactly: value) {
            bytes.append(contentsOf: String(whole).utf8)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
        needsComma = true
    }

    package mutating func element(_ value: RawJSON) {
        separate()
        bytes.append(contentsOf: value.bytes)
        needsComma = true
    }

    /// A value copied as it is written in the text it comes from.
    package mutating func element(_ value: JSONValue) {
        separate()
        bytes.append(contentsOf: value.raw)
        needsComma = true
    }

    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
