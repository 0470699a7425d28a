/// What the provider's protocol could not express, as one value of a header field.
enum DroppedFields {
    /// The most bytes of names.
    ///
    /// Intermediaries and clients take a few kilobytes of header in all.
    private static let limit = 1_000

    /// The JSON paths with indices left out, each once, as many as there is room for; then how many there are more,
    /// such as `top_k, messages[].name, ...(+3)`.
    static func headerValue(_ paths: [String]) -> String {
        var seen: Set<String> = []
        var value = ""
        var left = 0
        for path in paths {
            let name = headerSafe(withoutIndices(path))
            guard seen.insert(name).inserted else { continue }
            // Once one is left out all are, so that the sum at the end is about the end of the list.
            guard left == 0, value.utf8.count + name.utf8.count <= limit else {
                left += 1
                continue
            }
            value += value.isEmpty ? name : ", \(name)"
        }
        guard left > 0 else { return value }
        return value + (value.isEmpty ? "...(+\(left))" : ", ...(+\(left))")
    }

    /// `messages[]` for `messages[3]`: which one it was says little, and there may be thousands.
    private static func withoutIndices(_ path: String) -> String {
        var name: [UInt8] = []
        name.reserveCapacity(path.utf8.count)
        for byte in path.utf8 {
            let isInBrackets = name.last == UInt8(ascii: "[")
            if isInBrackets, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { continue }
            name.append(byte)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// JSON paths hold names that clients choose, which must not end a header line.
    private static func headerSafe(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).filter { $0.value > 0x20 && $0.value < 0x7F && $0 != "," }
            )
        )
    }
}
