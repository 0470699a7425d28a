/// The stages of a request in the order in which it goes through them.
///
/// The raw value is the stage's place in the order; ``label`` is its name in metrics, traces and the documentation.
package enum Stage: Int, Sendable, CaseIterable {
    case decode, authenticate, authorize, admit, route, reserve, execute, finish

    /// The stage's name, such as `decode`.
    package var label: StaticString {
        switch self {
        case .decode: "decode"
        case .authenticate: "authenticate"
        case .authorize: "authorize"
        case .admit: "admit"
        case .route: "route"
        case .reserve: "reserve"
        case .execute: "execute"
        case .finish: "finish"
        }
    }
}
