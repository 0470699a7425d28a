/// Which web pages may call the API from a browser.
package struct CORSSettings: Hashable, Sendable {
    /// `scheme://host[:port]`, or a lone `*` for any.
    ///
    /// Empty: none.
    package var origins: [String] = []
    /// Names of request header fields, in lower case, beyond those that Sira itself reads.
    package var headers: [String] = []
    /// How long a browser may remember the permission.
    package var maxAge: Duration = .seconds(600)

    package init() {}
}

extension CORSSettings: SettingsSection {
    static var summary: String { "Which web pages may call the API from a browser." }

    static var fields: [Field<Self>] {
        Field(
            "origins",
            \.origins,
            .list(of: .webOrigin),
            example: "[https://app.example.com]",
            needsRestart: true,
            "Origins of the pages, or `*` alone for any page. A key in a web page is a key in public."
        )
        Field(
            "headers",
            \.headers,
            .list(of: .headerName),
            example: "[x-trace-id]",
            needsRestart: true,
            "Header fields that pages may send, beyond those that Sira reads itself."
        )
        Field(
            "max_age",
            \.maxAge,
            .duration(.zero ... .seconds(86_400)),
            needsRestart: true,
            "How long a browser may remember the permission."
        )
    }
}
