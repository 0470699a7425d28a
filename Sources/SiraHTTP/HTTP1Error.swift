/// Why bytes are not an acceptable HTTP/1.1 message.
///
/// After any of these the connection cannot be trusted to be in step, so it must be closed.
package enum HTTP1Error: Error, Sendable {
    /// The start line is not one.
    case startLine
    /// A version other than 1.0 or 1.1.
    case version
    /// A header field breaks the grammar of RFC 9112, section 5.
    case field
    /// Length and transfer coding contradict each other or themselves (RFC 9112, section 6.3): the mark of request
    /// smuggling.
    case framing
    /// A transfer coding other than `chunked`.
    case transferCoding
    /// A chunk breaks the grammar of RFC 9112, section 7.1.
    case chunk
    /// The head is longer than allowed.
    case headTooLarge
}
