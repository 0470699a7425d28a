import SiraJSON

/// Where clients reach the API of models.
package struct APIAddress: Sendable {
    /// What the operator says, without a path; nil where they say nothing.
    package var url: String?
    /// Whether the listener speaks TLS itself.
    package var isEncrypted: Bool
    /// The host that it listens on, in brackets where it is an IPv6 address; nil for all of the machine's.
    package var host: String?
    package var port: Int

    package init(url: String? = nil, isEncrypted: Bool = false, host: String?, port: Int) {
        self.url = url
        self.isEncrypted = isEncrypted
        self.host = host
        self.port = port
    }

    static let outline = JSONSchema.object([
        ("url", JSONSchema.text().orNull.described("What server.public_url says; goes before the rest.")),
        ("scheme", .word(["http", "https"])),
        ("host", JSONSchema.text().orNull.described("Null where it listens on all addresses of the machine.")),
        ("port", .integer(0...65_535)),
    ])

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("url")
            if let url { json.element(url) } else { json.null() }
            json.member("scheme", isEncrypted ? "https" : "http")
            json.key("host")
            if let host { json.element(host) } else { json.null() }
            json.member("port", port)
        }
    }
}
