/// Names of documents, which Converse is strict about: letters and digits of ASCII, hyphens, parentheses, square
/// brackets and single spaces, at most 200 of them, and each name once in a request.
enum DocumentName {
    /// The nearest name that is accepted and not taken yet, without the ending that tells its format.
    static func accepted(_ name: String?, taken: inout Set<String>) -> String {
        var stem = (name ?? "").utf8[...]
        if let dot = stem.lastIndex(of: UInt8(ascii: ".")), dot > stem.startIndex { stem = stem[..<dot] }
        var bytes: [UInt8] = []
        for byte in stem.prefix(180) {
            let next = isAccepted(byte) ? byte : UInt8(ascii: " ")
            // Neither spaces at the beginning nor several in a row.
            if next == UInt8(ascii: " "), bytes.last ?? UInt8(ascii: " ") == UInt8(ascii: " ") { continue }
            bytes.append(next)
        }
        if bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        let base = bytes.isEmpty ? "document" : String(decoding: bytes, as: UTF8.self)
        var result = base
        var number = 2
        while !taken.insert(result).inserted {
            result = "\(base)-\(number)"
            number += 1
        }
        return result
    }

    private static func isAccepted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-()[] ".utf8.contains(byte)
        }
    }
}
