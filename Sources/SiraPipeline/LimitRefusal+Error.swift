import SiraCore
import SiraLimits

extension LimitRefusal {
    /// What the client is told.
    var error: GatewayError {
        let code: ErrorCode =
            switch reason {
            case .budget, .unpriced: .budgetExceeded
            // Of no limit where it was not tried because others wait already.
            case .queueFull: limit == 0 ? .rateLimited : .queueFull
            case .rate, .concurrency, .crowded, .waitedTooLong: .rateLimited
            }
        // Rounded up: who comes back when told is not to be refused once more.
        let seconds = retryAfter.map { Int(($0.wholeNanoseconds + 999_999_999) / 1_000_000_000) }
        return GatewayError(code, message, retryAfter: seconds.map { max(1, $0) })
    }
}
