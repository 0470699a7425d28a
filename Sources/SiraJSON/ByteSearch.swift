internal import CSimdJSON

/// Looks into bytes without reading them as JSON, for streams where nearly every event can be told by a few bytes.
///
/// A key between its quotes, such as `"usage"`, cannot be found inside a JSON string: there its quotes are escaped.
extension UnsafeRawBufferPointer {
    /// Where `needle` first stands at or after `start`; nil when it does not.
    package func firstOffset(of needle: StaticString, from start: Int = 0) -> Int? {
        guard let baseAddress, start < count else { return nil }
        let found = sira_find(baseAddress + start, count - start, needle.utf8Start, needle.utf8CodeUnitCount)
        return found.map { UnsafeRawPointer($0) - baseAddress }
    }

    package func contains(_ needle: StaticString) -> Bool {
        firstOffset(of: needle) != nil
    }

    package func starts(with prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard count >= length else { return false }
        for offset in 0..<length where self[offset] != prefix.utf8Start[offset] { return false }
        return true
    }

    /// Whether these bytes are the text.
    package func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && starts(with: text)
    }

    /// The first byte of the value of each member whose key, quotes included, is `key`, and the byte after it.
    ///
    /// - Returns: the first answer of `body` that is true, else false.
    package func anyValue(of key: StaticString, where body: (_ first: UInt8, _ second: UInt8) -> Bool) -> Bool {
        var start = 0
        while let found = firstOffset(of: key, from: start) {
            start = found + key.utf8CodeUnitCount
            guard let colon = skippingSpace(from: start), self[colon] == UInt8(ascii: ":"),
                let value = skippingSpace(from: colon + 1)
            else { continue }
            if body(self[value], skippingSpace(from: value + 1).map { self[$0] } ?? 0) { return true }
        }
        return false
    }

    private func skippingSpace(from start: Int) -> Int? {
        self[Swift.min(start, count)...].firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }
}
