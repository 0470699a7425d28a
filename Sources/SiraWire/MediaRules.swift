package import SiraCore

/// Which files the requests of a protocol may bring along, as its providers document it.
///
/// What is not among them is refused: no model sees a file under another type than its own, nor an address that its
/// provider cannot read.
package struct MediaRules: Sendable {
    /// The media types of bytes that are taken; one that ends in `/` stands for all that begin so.
    package var images: [String] = []
    package var sounds: [String] = []
    package var documents: [String] = []
    /// What the addresses begin with that providers fetch.
    package var imageAddresses: [String] = []
    package var soundAddresses: [String] = []
    package var documentAddresses: [String] = []
    /// What the ids of files begin with that providers may have.
    package var files: [String] = []
    /// Whether documents that are text, and are not among `documents`, are written as text.
    package var spellsTexts = true
    /// Whether addresses may lead to any text as well.
    package var fetchesTexts = false

    package init() {}

    /// The addresses that every provider fetches that fetches any.
    package static let web = ["https://", "http://"]
}

extension Call {
    /// Checks what files the call brings, and makes text of documents that are text, where the rules say so.
    ///
    /// - Throws: `unsupportedFeature` with the part's path for a file that the rules do not know; `invalidField` for
    ///   bytes that are not what they are said to be.
    package mutating func fitMedia(to rules: MediaRules) throws(GatewayError) {
        for turn in turns.indices {
            for part in turns[turn].parts.indices {
                if let content = try rules.fitted(turns[turn].parts[part]) { turns[turn].parts[part].content = content }
            }
        }
    }
}

extension MediaRules {
    /// What stands for the part's content; nil when it stays as it is.
    fileprivate func fitted(_ part: Part) throws(GatewayError) -> PartContent? {
        switch part.content {
        case .image(let media, _):
            try check(media, Self.type(of: media), images, imageAddresses, "pictures", part.path)
        case .audio(let media):
            try check(media, Self.type(of: media), sounds, soundAddresses, "sound", part.path)
        case .document(let document):
            return try fitted(document, part.path).map { .document($0) }
        case .toolResult(var result):
            var isChanged = false
            for index in result.parts.indices {
                guard let content = try fitted(result.parts[index]) else { continue }
                result.parts[index].content = content
                isChanged = true
            }
            return isChanged ? .toolResult(result) : nil
        case .text, .refusal, .toolCall, .thinking, .redactedThinking, .native: break
        }
        return nil
    }

    private func fitted(_ document: Document, _ path: String) throws(GatewayError) -> Document? {
        guard case .media(let media) = document.source else { return nil }
        let type = document.type.map { FileType($0) } ?? Self.type(of: media)
        if case .base64(_, let data) = media, spellsTexts, type.isText, !type.isAmong(documents) {
            var document = document
            document.source = .text(try Self.text(data, path))
            return document
        }
        if case .url = media, fetchesTexts, type.isText {
            try check(media, FileType(""), documents, documentAddresses, "files", path)
        } else {
            try check(media, type, documents, documentAddresses, "files", path)
        }
        return nil
    }

    private static func type(of media: Media) -> FileType {
        switch media {
        case .base64(let type, _): FileType(type)
        case .url(let address): FileType(ofAddress: address)
        case .file: FileType("")
        }
    }

    /// - Parameter kind: what such files are called, in the plural.
    private func check(
        _ media: Media,
        _ type: FileType,
        _ types: [String],
        _ addresses: [String],
        _ kind: String,
        _ path: String
    ) throws(GatewayError) {
        let isTyped = type.isAmong(types)
        switch media {
        case .base64:
            guard isTyped else { throw Self.refusal("This model takes no \(kind) of type \"\(type.name)\".", path) }
        case .url(let address):
            guard addresses.contains(where: { address.hasPrefix($0) }) else {
                throw Self.refusal(
                    addresses.isEmpty
                        ? "This model is given the bytes of \(kind), not addresses: send the data in base64."
                        : "This model cannot read \(kind) at such an address: send the data in base64.",
                    path
                )
            }
            guard isTyped || type.name.isEmpty else {
                throw Self.refusal("This model takes no \(kind) of type \"\(type.name)\".", path)
            }
        case .file(let id):
            guard files.contains(where: { id.hasPrefix($0) }) else {
                throw Self.refusal("A file's id means nothing to another provider; send the file's data.", path)
            }
        }
    }

    private static func refusal(_ message: String, _ path: String) -> GatewayError {
        GatewayError(.unsupportedFeature, message, field: path)
    }

    /// The text whose bytes these are.
    private static func text(_ data: String, _ path: String) throws(GatewayError) -> String {
        guard let bytes = Base64.decoded(data.utf8) else {
            throw GatewayError(.invalidField, "The file's data is not base64.", field: path)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw GatewayError(.invalidField, "The file is said to be text, and is not in UTF-8.", field: path)
        }
        return text
    }
}
