package import SiraCore
package import SiraWire

/// Tells programs without a key from web pages that a browser lets call without asking.
///
/// Where no key is asked for, being able to connect is all that it takes, and every page that somebody on this machine
/// opens can connect. A browser asks no permission for requests whose body is of no type or a plain one (Fetch
/// standard, section 4.8), but it names the page in `Origin`; and it takes a page's own name for the same origin even
/// where that name leads to 127.0.0.1, but sends it as `Host`.
package struct AnonymousGuard: Sendable {
    /// Pages that may call: origins such as `https://app.example.com`, or `*` for all.
    package var origins: [String] = []
    /// Whether only this machine can connect, so that requests name it as their host.
    package var isLoopback = false

    package init() {}

    /// Refuses what a page could have sent.
    ///
    /// - Throws: `originNotAllowed` or `hostNotAllowed`, with what to do.
    package func check(_ headers: HeaderFields) throws(GatewayError) {
        if let origin = headers["origin"], !origins.contains("*"), !origins.contains(origin) {
            throw GatewayError(
                .originNotAllowed,
                "Without a key, web pages of \(Self.shown(origin)) may not call this gateway. Send a key, or add the "
                    + "origin to server.cors.origins."
            )
        }
        guard isLoopback else { return }
        let header = headers["host"]
        guard let header, let host = HostHeader.host(of: header), HostHeader.isLoopback(host) else {
            throw GatewayError(
                .hostNotAllowed,
                "Without a key, this gateway answers to localhost and 127.0.0.1, not to "
                    + "\(Self.shown(header ?? "a request without a host")). Use one of these, or send a key "
                    + "(`sira keys create`)."
            )
        }
    }

    /// Refuses a body whose type a page may choose without asking.
    ///
    /// - Throws: `unsupportedMediaType`.
    package func checkType(_ headers: HeaderFields) throws(GatewayError) {
        guard let type = headers["content-type"], !type.isEmpty else {
            throw GatewayError(
                .unsupportedMediaType,
                "Without a key, a request must say what its body is. Send content-type: application/json."
            )
        }
    }

    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(100).filter { $0.value > 0x1F && $0.value < 0x7F }))
    }
}
