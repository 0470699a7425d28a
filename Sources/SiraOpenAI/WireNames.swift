internal import Crypto
internal import SiraWire

/// Names that must be of a provider's form, and stand for the same where they are written anew.
///
/// What a name becomes depends on the name alone: calls and their results stay together, within a request and from one
/// request to the next.
enum WireNames {
    /// The most characters of a name for the client's user, or of a key for the cache of prompts.
    private static let longestUser = 64
    /// The most characters of a call's id in chat completions, and in Responses.
    static let longestChatCall = 40
    static let longestResponsesCall = 64

    /// A name for the client's user; one that is too long becomes its SHA-256.
    static func user(_ name: String) -> String {
        isLong(name, longestUser) ? hexadecimal(name) : name
    }

    /// A key for the cache of prompts: like texts are found by like keys, whatever they look like.
    static func cacheKey(_ key: String) -> String { user(key) }

    /// The id of a call.
    ///
    /// - Parameter longest: the most characters that it may have.
    static func call(_ id: String, _ form: Quirks.CallIDs, longest: Int) -> String {
        switch form {
        case .any: isLong(id, longest) ? "call_" + hexadecimal(id).prefix(longestChatCall - 5) : id
        case .mistral: isMistrals(id) ? id : mistrals(id)
        }
    }

    private static func isLong(_ text: String, _ most: Int) -> Bool {
        text.utf8.count > most && text.unicodeScalars.count > most
    }

    private static func hexadecimal(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Mistral's servers take nine of the 62 letters and digits of ASCII, and refuse all else.
    private static let mistralsLength = 9
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func isMistrals(_ id: String) -> Bool {
        id.utf8.count == mistralsLength && id.utf8.allSatisfy { letters.contains($0) }
    }

    private static func mistrals(_ id: String) -> String {
        var rest = SHA256.hash(data: Array(id.utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var text: [UInt8] = []
        for _ in 0..<mistralsLength {
            text.append(letters[Int(rest % 62)])
            rest /= 62
        }
        return String(decoding: text, as: UTF8.self)
    }
}
