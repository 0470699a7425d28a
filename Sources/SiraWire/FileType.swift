/// What a file is, by its media type (RFC 6838), as far as the neutral model tells kinds of files apart.
package struct FileType: Hashable, Sendable {
    /// Such as `image/png`, in small letters and with its parameters; empty when it is not known.
    package let name: String

    package init(_ name: String) {
        let name = name.lowercased()
        // A name that is none, and in use.
        self.name = name == "image/jpg" ? "image/jpeg" : name
    }

    /// The type that the ending of an address or of a file's name stands for; empty when it has none that is known.
    package init(ofAddress address: String) {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        let ending = path.split(separator: "/").last?.split(separator: ".").last?.lowercased() ?? ""
        name = Self.endings[ending] ?? ""
    }

    package var isImage: Bool { name.hasPrefix("image/") }
    package var isAudio: Bool { name.hasPrefix("audio/") }
    package var isVideo: Bool { name.hasPrefix("video/") }

    /// Whether the bytes are text for people or programs.
    package var isText: Bool {
        let name = plain
        return name.hasPrefix("text/") || Self.texts.contains(name)
            || (name.hasPrefix("application/") && (name.hasSuffix("+json") || name.hasSuffix("+xml")))
    }

    /// The type without its parameters, such as `text/plain` of `text/plain; charset=utf-8`.
    package var plain: String {
        var name = name.prefix { $0 != ";" }
        while name.last == " " { name.removeLast() }
        return String(name)
    }

    /// The ending of files of this type, without its dot; nil where none is known.
    package var ending: String? {
        let plain = plain
        return Self.endings.lazy.filter { $0.value == plain }.map(\.key).min()
    }

    /// Whether the type is among these; one that ends in `/` stands for all that begin so.
    package func isAmong(_ types: [String]) -> Bool {
        let plain = plain
        return types.contains { $0.hasSuffix("/") ? plain.hasPrefix($0) : plain == $0 }
    }

    /// The file as a part of a turn.
    package func part(_ media: Media, name title: String?) -> PartContent {
        if isImage { return .image(media, detail: nil) }
        if isAudio { return .audio(media) }
        var document = Document(source: .media(media), name: title)
        document.type = name.isEmpty ? nil : name
        return .document(document)
    }

    private static let texts: Set<String> = [
        "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/javascript",
        "application/x-javascript", "application/sql", "application/toml", "application/x-ndjson",
    ]

    private static let endings = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
        "heic": "image/heic", "heif": "image/heif", "bmp": "image/bmp", "wav": "audio/wav", "mp3": "audio/mp3",
        "aac": "audio/aac", "ogg": "audio/ogg", "flac": "audio/flac", "pdf": "application/pdf", "txt": "text/plain",
        "md": "text/md", "html": "text/html", "csv": "text/csv", "json": "application/json", "mp4": "video/mp4",
        "mov": "video/mov", "webm": "video/webm", "mpeg": "video/mpeg", "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
}
