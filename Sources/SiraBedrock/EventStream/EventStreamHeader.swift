/// A header of a message: a name and a value of one of ten types.
package struct EventStreamHeader: Hashable, Sendable {
    package var name: String
    package var value: Value

    package enum Value: Hashable, Sendable {
        case bool(Bool)
        case byte(Int8)
        case short(Int16)
        case integer(Int32)
        case long(Int64)
        case bytes([UInt8])
        case string(String)
        /// Milliseconds since 1970.
        case timestamp(Int64)
        /// Sixteen bytes.
        case uuid([UInt8])
    }

    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ text: String) {
        self.init(name, .string(text))
    }

    /// Reads the header that begins at `at`, and moves `at` behind it.
    ///
    /// - Throws: `malformedHeader` when it does not end within `bytes` or its type is not known.
    init(_ bytes: UnsafeRawBufferPointer, at: inout Int) throws(EventStreamError) {
        let nameLength = Int(try Self.take(1, of: bytes, &at)[0])
        name = String(decoding: try Self.take(nameLength, of: bytes, &at), as: UTF8.self)
        switch try Self.take(1, of: bytes, &at)[0] {
        case 0: value = .bool(true)
        case 1: value = .bool(false)
        case 2: value = .byte(Int8(truncatingIfNeeded: try Self.number(1, of: bytes, &at)))
        case 3: value = .short(Int16(truncatingIfNeeded: try Self.number(2, of: bytes, &at)))
        case 4: value = .integer(Int32(truncatingIfNeeded: try Self.number(4, of: bytes, &at)))
        case 5: value = .long(Int64(truncatingIfNeeded: try Self.number(8, of: bytes, &at)))
        case 6: value = .bytes(Array(try Self.take(Int(try Self.number(2, of: bytes, &at)), of: bytes, &at)))
        case 7:
            let length = Int(try Self.number(2, of: bytes, &at))
            value = .string(String(decoding: try Self.take(length, of: bytes, &at), as: UTF8.self))
        case 8: value = .timestamp(Int64(truncatingIfNeeded: try Self.number(8, of: bytes, &at)))
        case 9: value = .uuid(Array(try Self.take(16, of: bytes, &at)))
        default: throw .malformedHeader
        }
    }

    private static func take(
        _ count: Int,
        of bytes: UnsafeRawBufferPointer,
        _ at: inout Int
    ) throws(EventStreamError) -> UnsafeRawBufferPointer {
        guard bytes.count - at >= count else { throw .malformedHeader }
        defer { at += count }
        return bytes.part(at..<at + count)
    }

    private static func number(
        _ count: Int,
        of bytes: UnsafeRawBufferPointer,
        _ at: inout Int
    ) throws(EventStreamError) -> UInt64 {
        try take(count, of: bytes, &at).number(at: 0, bytes: count)
    }

    /// Appends the header as it is sent.
    func append(to bytes: inout [UInt8]) {
        bytes.append(number: name.utf8.count, bytes: 1)
        bytes += name.utf8
        switch value {
        case .bool(let flag): bytes.append(flag ? 0 : 1)
        case .byte(let number): bytes.append(type: 2, number, bytes: 1)
        case .short(let number): bytes.append(type: 3, number, bytes: 2)
        case .integer(let number): bytes.append(type: 4, number, bytes: 4)
        case .long(let number): bytes.append(type: 5, number, bytes: 8)
        case .bytes(let value):
            bytes.append(type: 6, value.count, bytes: 2)
            bytes += value
        case .string(let text):
            bytes.append(type: 7, text.utf8.count, bytes: 2)
            bytes += text.utf8
        case .timestamp(let number): bytes.append(type: 8, number, bytes: 8)
        case .uuid(let value):
            bytes.append(9)
            bytes += value
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(type: UInt8, _ number: some BinaryInteger, bytes count: Int) {
        append(type)
        append(number: number, bytes: count)
    }
}
