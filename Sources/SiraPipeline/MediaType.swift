package import SiraWire

extension HeaderFields {
    /// Whether the body says that it is a form of parts (RFC 7578).
    package var isForm: Bool { self["content-type"]?.mediaType == "multipart/form-data" }

    /// Whether the body says that it is JSON.
    package var isJSON: Bool { self["content-type"]?.isJSON ?? false }
}

extension String {
    /// The media type alone, in lower case, without its parameters.
    var mediaType: String { prefix { $0 != ";" && $0 != " " }.lowercased() }

    /// Whether this is the media type of JSON, whatever its parameters.
    var isJSON: Bool {
        if matches(lowercased: "application/json") { return true }
        let type = prefix { $0 != ";" }.filter { $0 != " " }
        return type.isEmpty || type.matches(lowercased: "application/json") || type.lowercased().hasSuffix("+json")
    }
}
