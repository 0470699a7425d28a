/// Which web pages may call the API from a browser.
package struct CORSSettings: Hashable, Sendable {
    /// `scheme://host[:port]`, or a lone `*` for any. Empty: none.
    package var origins: [String] = []
    /// Names of request header fields, in lower case, beyond those that Sira itself reads.
    package var headers: [String] = []
    /// How long a browser may remember the permission.
    package var maxAge: Duration = .seconds(600)

    package init() {}
}
