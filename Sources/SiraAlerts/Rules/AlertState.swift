/// Whether what an alert is about is the case at the moment.
package enum AlertState: String, Hashable, Sendable, CaseIterable {
    case firing, resolved
}
