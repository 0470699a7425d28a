internal import SiraWire

/// Converse's words for kinds of files, and the media types that they stand for.
enum MediaFormat {
    private static let documents: [(type: String, word: String)] = [
        ("application/pdf", "pdf"), ("text/csv", "csv"), ("application/msword", "doc"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("application/vnd.ms-excel", "xls"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"), ("text/html", "html"),
        ("text/plain", "txt"), ("text/markdown", "md"),
    ]

    private static let sounds = [
        "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm",
    ]

    /// The word for a picture of this media type; nil when Converse has none.
    static func image(_ type: String) -> String? {
        switch type {
        case "image/png": "png"
        case "image/jpeg", "image/jpg": "jpeg"
        case "image/gif": "gif"
        case "image/webp": "webp"
        default: nil
        }
    }

    static func audio(_ type: String) -> String? {
        guard type.hasPrefix("audio/") else { return nil }
        let word = type.dropFirst(6)
        if word == "x-wav" || word == "wave" { return "wav" }
        return sounds.first { $0 == word }
    }

    /// The words for videos, most of them what their media types end in.
    private static let videos = ["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"]

    static func video(_ type: String) -> String? {
        guard type.hasPrefix("video/") else { return nil }
        switch type.dropFirst(6) {
        case "quicktime": return "mov"
        case "x-matroska": return "mkv"
        case "x-flv": return "flv"
        case "x-ms-wmv": return "wmv"
        case "3gpp": return "three_gp"
        case let word: return videos.first { $0 == word }
        }
    }

    /// The media type of a video with this word.
    static func type(ofVideo word: String) -> String {
        switch word {
        case "mov": "video/quicktime"
        case "mkv": "video/x-matroska"
        case "flv": "video/x-flv"
        case "wmv": "video/x-ms-wmv"
        case "three_gp": "video/3gpp"
        case "mpg": "video/mpeg"
        default: "video/" + word
        }
    }

    /// The word for a document; any other text is read as plain.
    static func document(_ type: String) -> String? {
        let type = FileType(type)
        return documents.first { $0.type == type.plain }?.word ?? (type.isText ? "txt" : nil)
    }

    /// The media type of a document with this word.
    static func type(ofDocument word: String) -> String {
        documents.first { $0.word == word }?.type ?? "application/octet-stream"
    }

    /// The media type, told by the end of the name where a file is only referred to.
    static func type(of media: Media, name: String? = nil) -> String {
        switch media {
        case .base64(let type, _): return type.lowercased()
        case .url(let address), .file(let address):
            for text in [address, name ?? ""] {
                guard let dot = text.lastIndex(of: ".") else { continue }
                if let type = type(ofExtension: text[text.index(after: dot)...].lowercased()) { return type }
            }
            return "unknown"
        }
    }

    private static func type(ofExtension word: String) -> String? {
        switch word {
        case "png", "gif", "webp", "jpeg": "image/" + word
        case "jpg": "image/jpeg"
        default: documents.first { $0.word == word }?.type ?? (sounds.contains(word) ? "audio/" + word : nil)
        }
    }
}
