internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension Media {
    /// Reads a URL; a `data:` URL (RFC 2397) becomes its bytes, which must be in base64.
    ///
    /// - Throws: `invalidField` with `field` when it is neither.
    init(url: String, field: String) throws(GatewayError) {
        guard url.hasPrefix("data:") else {
            guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
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

extension JSONValue {
    /// A schema that says it is an object's: some clients leave that out, and some providers insist.
    var typedSchema: RawJSON {
        guard self["type"] == nil else { return rawJSON }
        var json = JSONWriter(capacity: span.count + 24)
        json.object {
            $0.member("type", "object")
            for (key, value) in members {
                $0.key(dynamic: key.string ?? "")
                $0.element(value)
            }
        }
        return RawJSON(bytes: json.bytes)
    }
}
