package import HTTPTypes
import Hummingbird
package import SiraCore

/// The cookie by which a browser shows the session of the web console.
package enum SessionCookie {
    /// Browsers take cookies whose names begin with `__Host-` from this host alone and over TLS alone.
    package static func name(isSecure: Bool) -> String { isSecure ? "__Host-sira_session" : "sira_session" }

    /// What a browser shows; nil when it shows nothing, or two things of which one must be foisted.
    package static func text(in headers: HTTPFields, isSecure: Bool) -> String? {
        value(of: name(isSecure: isSecure), in: headers)
    }

    /// The value of a cookie that is there once.
    package static func value(of name: String, in headers: HTTPFields) -> String? {
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let values = pairs.compactMap { pair -> Substring? in
            let pair = pair.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { return nil }
            return pair[pair.index(after: equals)...]
        }
        return values.count == 1 ? values.first.map(String.init) : nil
    }

    /// The header that has a browser keep a session's text.
    ///
    /// Never sent along from other sites' pages, and out of reach of scripts.
    package static func setting(_ text: Secret, isSecure: Bool, seconds: Int64) -> EndpointReply.Header {
        EndpointReply.Header(
            name: .setCookie,
            value: "\(name(isSecure: isSecure))=\(text.reveal()); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
                + (isSecure ? "; Secure" : "")
        )
    }

    /// The header that has a browser forget it.
    package static func clearing(isSecure: Bool) -> EndpointReply.Header {
        setting(Secret(""), isSecure: isSecure, seconds: 0)
    }
}

/// Who sends a request, as far as the connection and the headers tell.
package struct Caller: Sendable {
    /// The address that the request comes from; empty where that is not known.
    package var address = ""
    /// What the program calls itself.
    package var agent = ""
    /// Whether the browser reaches the console over TLS.
    package var isSecure = false
    /// Where the browser reaches the console, without a path.
    package var origin = ""
    /// The session's text that it shows; nil when it shows none.
    package var session: Secret?
    /// Whether the configuration has an admin token.
    package var isTokenConfigured = false
    /// The admin token in force; nil where there is none.
    var adminToken: AdminToken?

    package init() {}

    init(_ request: Request, _ context: AdminContext, _ access: AdminAccess) {
        let publicURL = access.publicURL
        address = context.remoteAddress?.ipAddress ?? ""
        agent = request.headers[.userAgent] ?? ""
        isSecure =
            publicURL?.hasPrefix("https://")
            ?? (HTTPField.Name("X-Forwarded-Proto").flatMap { request.headers[$0] }?.lowercased() == "https")
        origin = publicURL ?? "\(isSecure ? "https" : "http")://\(request.head.authority ?? "")"
        session = SessionCookie.text(in: request.headers, isSecure: isSecure).map { Secret($0) }
        adminToken = access.token
        isTokenConfigured = adminToken != nil
    }
}
