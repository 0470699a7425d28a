/// What becomes of a request, parts of which the model's protocol cannot express.
package enum UnsupportedPolicy: String, Sendable, CaseIterable {
    /// It is refused, and the parts are named.
    case reject
    /// They are left out and named in the answer's header.
    case warn
    /// They are left out.
    case drop
}
