internal import Crypto
internal import SiraWire

/// A request in the one form in which it is signed.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct CanonicalRequest {
    /// The names of the signed fields, in lower case, with semicolons between them.
    let signedHeaders: String
    let text: String

    /// - Parameters:
    ///   - target: path and query as sent.
    ///   - headers: the fields to be signed, `host` among them.
    ///   - bodyHash: SHA-256 of the body, in hexadecimal digits.
    init(method: String, target: String, headers: [(name: String, value: String)], bodyHash: String) {
        let query = target.firstIndex(of: "?")
        let path = Self.path(target[..<(query ?? target.endIndex)])
        let queryText = Self.query(query.map { target[target.index(after: $0)...] } ?? "")
        let fields = Self.merged(headers)
        signedHeaders = fields.map(\.name).joined(separator: ";")
        let fieldLines = fields.map { "\($0.name):\($0.value)\n" }.joined()
        text = [method, path, queryText, fieldLines, signedHeaders, bodyHash].joined(separator: "\n")
    }

    var hash: String { Hexadecimal.text(SHA256.hash(data: Array(text.utf8))) }

    /// The path without dots and empty segments, encoded once more than it is sent.
    private static func path(_ path: Substring) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let end = segments.isEmpty || !(path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")) ? "" : "/"
        return PercentEncoding.encoded("/" + segments.joined(separator: "/") + end, keepingSlashes: true)
    }

    /// The parameters, in the order of their names and then of their values.
    private static func query(_ query: Substring) -> String {
        let parameters = query.split(separator: "&").map { parameter -> (name: String, value: String) in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (encodedOnce(parts[0]), parts.count == 2 ? encodedOnce(parts[1]) : "")
        }
        return parameters.sorted { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// The text with what is not yet percent-encoded encoded.
    private static func encodedOnce(_ text: Substring) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).enumerated().map { index, piece in
            let isEscape = index > 0 && piece.utf8.count >= 2 && piece.utf8.prefix(2).allSatisfy(\.isHexadecimalDigit)
            if isEscape { return "%" + piece.prefix(2) + PercentEncoding.encoded(piece.dropFirst(2)) }
            return (index > 0 ? "%25" : "") + PercentEncoding.encoded(piece)
        }.joined()
    }

    /// The fields in the order of their names; values of one name are joined, spaces in a row are one.
    private static func merged(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for (name, value) in headers.map({ (name: $0.name.lowercased(), value: $0.value) }) {
            let trimmed = value.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index].value += "," + trimmed
            } else {
                fields.append((name, trimmed))
            }
        }
        return fields.sorted { $0.name < $1.name }
    }
}

/// Bytes as hexadecimal digits in lower case.
enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self) || (0x41...0x46).contains(self)
    }
}
