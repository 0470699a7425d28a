import SiraCore
import SiraLimits
import SiraTenancy

extension LimitRefusal {
    /// What the client is told.
    var error: GatewayError {
        // Rounded up: who comes back when told is not to be refused once more.
        let seconds = retryAfter.map { Int(($0.wholeNanoseconds + 999_999_999) / 1_000_000_000) }
        var error = GatewayError(code, message, retryAfter: seconds.map { max(1, $0) })
        guard meter.scope.isOfSupply else { return error }
        // How much the operator may ask of a provider is no business of its tenants.
        error.detail = error.message
        error.message =
            recovery == .never && !isAboutMoney
            ? "The request asks for more than the model takes at once here. Send a shorter prompt or ask for a shorter "
                + "answer, or ask for another model."
            : "The model is at its capacity at the moment. Try again later, or ask for another model."
        return error
    }

    private var code: ErrorCode {
        switch reason {
        // The money that is lacking is the operator's.
        case .budget: meter.scope.isOfSupply ? .overloaded : .budgetExceeded
        case .unpriced: meter.scope.isOfSupply ? .overloaded : .priceUnknown
        // Of no limit where it was not tried because others wait already.
        case .queueFull: limit == 0 ? .rateLimited : .queueFull
        case .rate, .concurrency, .crowded, .waitedTooLong: .rateLimited
        }
    }
}

extension RequestContext {
    /// What the client is told of a refusal, with whose choice the model was where it was not the client's.
    func told(_ refusal: LimitRefusal, at now: Timestamp) -> GatewayError {
        var error = refusal.error
        if isThrifty, error.code == .priceUnknown, let model = meters?.softModel(at: now) {
            error.message += " A budget that is nearly used up sends it on to its soft_model, \"\(model)\"."
        }
        return error
    }
}
