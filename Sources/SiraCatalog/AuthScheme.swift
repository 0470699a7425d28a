/// How a provider is shown who calls.
package enum AuthScheme: Hashable, Sendable {
    /// A header that carries the key after a prefix, which may be empty: `authorization` with `Bearer `, or `x-api-key`
    /// with nothing. The name is in lower case.
    case header(name: String, prefix: String)
    /// Nothing is asked for, as by servers on one's own machine. A key that is configured is sent as a bearer token.
    case none
    /// A signature over each request with an access key of Amazon's (Signature Version 4).
    case awsSignature
    /// Something that Sira cannot do yet, such as a request signature, by its name.
    case unsupported(String)

    /// `authorization: Bearer KEY`, RFC 6750.
    package static let bearer = AuthScheme.header(name: "authorization", prefix: "Bearer ")

    /// Reads the name of a scheme: `bearer`, `bare` (the key alone in `authorization`), `none`, or one of the headers
    /// `x-api-key`, `api-key` and `x-goog-api-key`.
    ///
    /// Anything else is `unsupported`.
    package init(named name: String) {
        switch name {
        case "bearer": self = .bearer
        case "bare": self = .header(name: "authorization", prefix: "")
        case "none": self = .none
        case "aws-sigv4": self = .awsSignature
        case "x-api-key", "api-key", "x-goog-api-key": self = .header(name: name, prefix: "")
        default: self = .unsupported(name)
        }
    }

    /// Whether requests can be signed this way today.
    package var isSupported: Bool {
        if case .unsupported = self { return false }
        return true
    }
}
