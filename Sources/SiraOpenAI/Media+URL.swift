internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// What requests of chat completions and of Responses write alike.
extension Media {
    /// Reads a URL; a `data:` URL (RFC 2397) becomes its bytes, which must be in base64.
    ///
    /// - Throws: `invalidField` with `field` when it is neither.
    init(url: String, field: String) throws(GatewayError) {
        guard url.hasPrefix("data:") else {
            // Google's storage, for its models.
            guard url.hasPrefix("https://") || url.hasPrefix("http://") || url.hasPrefix("gs://") else {
                throw GatewayError(.invalidField, "The URL must begin with https:, http: or data:.", field: field)
            }
            self = .url(url)
            return
        }
        guard let comma = url.firstIndex(of: ",") else {
            throw GatewayError(.invalidField, "The data URL has no comma before its data.", field: field)
        }
        var attributes = url[..<comma].dropFirst(5).split(separator: ";", omittingEmptySubsequences: false)
        guard attributes.count > 1, attributes.removeLast() == "base64" else {
            throw GatewayError(.invalidField, "The data URL's data must be in base64.", field: field)
        }
        let type = attributes[0].lowercased()
        self = .base64(
            type: type == "image/jpg" ? "image/jpeg" : type,
            data: String(url[url.index(after: comma)...])
        )
    }

    /// Where the bytes are, or a URL that holds them; nil for the name of a file.
    var addressOrData: String? {
        switch self {
        case .url(let url): url
        case .base64(let type, let data): "data:\(type);base64,\(data)"
        case .file: nil
        }
    }
}

extension PartContent {
    /// Reads what `file_data` holds: a URL, or bytes in base64.
    ///
    /// - Throws: `invalidField` with `field` when it is neither.
    init(file data: String, name: String?, field: String) throws(GatewayError) {
        guard data.hasPrefix("data:") || data.hasPrefix("http") else {
            // Without a data URL around them, the file's name tells what the bytes are: a PDF, if it tells nothing.
            let named = FileType(ofAddress: name ?? "")
            let type = named.name.isEmpty ? FileType("application/pdf") : named
            self = type.part(.base64(type: type.name, data: data), name: name)
            return
        }
        self.init(try Media(url: data, field: field), name: name)
    }

    /// The part that a file is.
    init(_ media: Media, name: String?) {
        if case .base64(let type, _) = media {
            self = FileType(type).part(media, name: name)
        } else {
            self = .document(Document(source: .media(media), name: name))
        }
    }

    /// The part that an image is said to be: bytes of another kind, which some send as one, are what they are.
    init(image media: Media, detail: String?) {
        if case .base64(let type, _) = media, !FileType(type).isImage {
            self.init(media, name: nil)
        } else {
            self = .image(media, detail: detail)
        }
    }
}

extension Call {
    /// Takes the tier that `service_tier` names; one that no other provider has is named.
    mutating func take(serviceTier value: JSONValue) {
        if value.isString("default") {
            serviceTier = .standard
        } else if let tier = value.string.flatMap(ServiceTier.init(rawValue:)) {
            serviceTier = tier
        } else {
            extras.append("service_tier")
        }
    }
}

extension JSONValue {
    /// A schema that says it is an object's: some clients leave that out, and some providers insist.
    var typedSchema: RawJSON {
        guard self["type"] == nil else { return rawJSON }
        let inner = raw.dropFirst().drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        let isEmpty = inner.first == UInt8(ascii: "}")
        return RawJSON(bytes: Array("{\"type\":\"object\"\(isEmpty ? "" : ",")".utf8) + Array(inner))
    }
}
