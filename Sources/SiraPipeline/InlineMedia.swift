import SiraJSON
import SiraWire

/// Pictures, sound and documents that a request's body holds as base64, and about how many tokens they are.
///
/// Recognized by where they stand and by how their files begin, so that text is never taken for one of them. What is not
/// recognized counts as text, which is too much rather than too little.
struct InlineMedia: Hashable, Sendable {
    /// How much of the body they are.
    private(set) var bytes = 0
    private(set) var imageTokens = 0
    private(set) var audioTokens = 0
    /// Of documents and films.
    private(set) var otherTokens = 0

    init() {}

    /// All of their tokens.
    var tokens: Int { imageTokens + audioTokens + otherTokens }

    /// Shorter strings count as text: what they hold is smaller than what is estimated for it.
    private static let shortest = 512
    /// Names under which the protocols have data, not text.
    private static let keys: [StaticString] = ["url", "image_url", "data", "file_data", "bytes", "fileData", "image"]

    /// Finds them in a body.
    init(_ json: JSONValue, as wire: WireProtocol) {
        json.forEachString(ofAtLeast: Self.shortest, outside: Self.text(of: wire)) { key, value in
            // Ollama has lists of pictures, the others objects.
            guard key.map({ key in Self.keys.contains { key.isString($0) } }) ?? (wire == .ollama) else { return }
            add(UnsafeRawBufferPointer(rebasing: value.raw.dropFirst().dropLast()))
        }
    }

    /// Under which names a protocol has what the model reads as text, whatever it looks like: what tools are given, and
    /// what they answer.
    private static func text(of wire: WireProtocol) -> [StaticString] {
        switch wire {
        case .anthropic: ["input"]
        case .bedrock: ["input", "json"]
        case .gemini: ["args", "response"]
        case .ollama: ["arguments"]
        case .openai, .responses, .cohere: []
        }
    }

    private mutating func add(_ string: UnsafeRawBufferPointer) {
        let data = UnsafeRawBufferPointer(rebasing: string[Self.payload(of: string)...])
        guard let kind = Kind(beginningOf: data), Self.isBase64(data) else { return }
        bytes += string.count
        let size = data.count / 4 * 3
        switch kind {
        case .picture: imageTokens += 1_600
        case .sound(let rate): audioTokens += (size / rate + 1) * 32
        case .film: otherTokens += (size / 25_000 + 1) * 300
        case .document: otherTokens += max(3_000, size / 10)
        }
    }

    /// Where the base64 of a data URL begins (RFC 2397), or of what is base64 alone.
    private static func payload(of string: UnsafeRawBufferPointer) -> Int {
        guard string.starts(with: "data:".utf8), let comma = string.prefix(256).firstIndex(of: UInt8(ascii: ",")) else {
            return 0
        }
        return comma + 1
    }

    /// Whether samples of a text are base64 (RFC 4648, section 4), with or without escaped slashes.
    ///
    /// Words have spaces between them, or letters outside of ASCII.
    private static func isBase64(_ text: UnsafeRawBufferPointer) -> Bool {
        let (count, width) = (32, 16)
        for sample in 0..<count {
            let start = (text.count - width) / count * sample
            let isAll = text[start..<start + width].allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
                    UInt8(ascii: "="):
                    true
                default: false
                }
            }
            guard isAll else { return false }
        }
        return true
    }

    /// What a file is, and how its tokens are estimated.
    ///
    /// - Pictures: 1,600 tokens, what the largest that Anthropic does not scale down have
    ///   (https://platform.claude.com/docs/en/build-with-claude/vision); those of `gpt-4o` have 1,445 at most
    ///   (https://platform.openai.com/docs/guides/images-vision).
    /// - Sound and films: 32 and 300 tokens a second, as Gemini counts them
    ///   (https://ai.google.dev/gemini-api/docs/tokens), at few bytes a second: WAV of 16 kHz, other sound of 64 kbit/s,
    ///   films of 200 kbit/s.
    /// - Documents: 3,000 tokens a page, the most that Anthropic says a page has
    ///   (https://platform.claude.com/docs/en/build-with-claude/pdf-support), and a page of 30 kB.
    private enum Kind {
        case picture
        /// At so many bytes a second.
        case sound(rate: Int)
        case film
        case document

        /// Tells a file by how it begins: its first bytes as base64.
        init?(beginningOf data: UnsafeRawBufferPointer) {
            guard data.count >= InlineMedia.shortest / 2 else { return nil }
            // Some writers of JSON escape slashes.
            let head = data.prefix(32).filter { $0 != UInt8(ascii: "\\") }
            let known: [(String, Kind)] = [
                ("/9j/", .picture),  // JPEG
                ("iVBORw0KGgo", .picture),  // PNG
                ("R0lGOD", .picture),  // GIF
                ("JVBERi0", .document),  // PDF
                ("T2dnUw", .sound(rate: 8_000)),  // Ogg
                ("ZkxhQw", .sound(rate: 8_000)),  // FLAC
                ("SUQz", .sound(rate: 8_000)),  // MP3 with a title
                ("//", .sound(rate: 8_000)),  // MP3
                ("GkXfo", .film),  // WebM
            ]
            if head.starts(with: "UklGR".utf8), head.count >= 16 {
                // RIFF, and what it holds: WAVE or WEBP.
                self = head[11..<16].elementsEqual("XQVZF".utf8) ? .sound(rate: 32_000) : .picture
            } else if head.starts(with: "AAAA".utf8), head.count >= 10, head[6..<10].elementsEqual("Z0eX".utf8) {
                self = .film
            } else if let kind = known.first(where: { head.starts(with: $0.0.utf8) })?.1 {
                self = kind
            } else {
                return nil
            }
        }
    }
}
