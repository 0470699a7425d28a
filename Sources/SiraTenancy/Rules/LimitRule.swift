/// How much may be asked for in a time, or at once.
package struct LimitRule: Hashable, Sendable {
    /// What is counted.
    package enum Measure: String, Hashable, Sendable, CaseIterable {
        case requests
        /// Tokens of prompts and answers.
        case tokens
        /// Nano-dollars.
        case spend
        /// Requests that run at the same time; has no window.
        case concurrency
    }

    /// The time in which so much may be asked for.
    package enum Window: String, Hashable, Sendable, CaseIterable {
        case second, minute, hour, day

        package var duration: Duration {
            switch self {
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3_600)
            case .day: .seconds(86_400)
            }
        }
    }

    package let id: String
    package var scope: Scope
    package var measure: Measure
    /// Of no meaning for ``Measure/concurrency``.
    package var window: Window
    /// Requests, tokens or nano-dollars per window, at least 1; or requests at once, of which 0 lets none in.
    package var amount: Int64
    /// How much of it may be asked for at once after a silence; nil is all of a window's amount.
    package var burst: Int64?

    package init(
        id: String,
        scope: Scope,
        measure: Measure,
        window: Window = .minute,
        amount: Int64,
        burst: Int64? = nil
    ) {
        self.id = id
        self.scope = scope
        self.measure = measure
        self.window = window
        self.amount = amount
        self.burst = burst
    }
}
