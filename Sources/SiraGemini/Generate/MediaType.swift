internal import SiraWire

/// What bytes are, as far as the neutral model tells kinds of bytes apart.
struct MediaType {
    /// Such as `image/png`; empty when it is not known.
    let name: String

    init(_ name: String) {
        let name = name.lowercased()
        // A name that is none, and in use.
        self.name = name == "image/jpg" ? "image/jpeg" : name
    }

    /// The type that the ending of an address stands for; empty when it has none that is known.
    init(ofAddress address: String) {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        let ending = path.split(separator: "/").last?.split(separator: ".").last?.lowercased() ?? ""
        name = Self.endings[ending] ?? ""
    }

    var isImage: Bool { name.hasPrefix("image/") }
    var isAudio: Bool { name.hasPrefix("audio/") }

    /// The bytes as a part of a turn.
    func part(_ media: Media, name title: String?) -> PartContent {
        if isImage { return .image(media, detail: nil) }
        if isAudio { return .audio(media) }
        return .document(Document(source: .media(media), name: title))
    }

    private static let endings = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
        "heic": "image/heic", "heif": "image/heif", "bmp": "image/bmp", "wav": "audio/wav", "mp3": "audio/mp3",
        "aac": "audio/aac", "ogg": "audio/ogg", "flac": "audio/flac", "pdf": "application/pdf", "txt": "text/plain",
        "md": "text/md", "html": "text/html", "csv": "text/csv", "json": "application/json", "mp4": "video/mp4",
        "mov": "video/mov", "webm": "video/webm", "mpeg": "video/mpeg",
    ]
}

/// Where files are that Google reads.
enum FileAddress {
    /// Whether only Google has what is at the address: its file service, or its storage.
    static func isGooglesOwn(_ address: String) -> Bool {
        address.hasPrefix("gs://") || address.hasPrefix("files/")
            || address.hasPrefix("https://generativelanguage.googleapis.com/")
    }

    /// Whether Google fetches what is at the address.
    static func isReadable(_ address: String) -> Bool {
        isGooglesOwn(address) || address.hasPrefix("https://") || address.hasPrefix("http://")
    }
}
