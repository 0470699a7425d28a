import NIOCore
import SiraCore
import SiraPricing
import SiraRouting
import SiraStorage

/// What an attempt has consumed: the provider's figures, or as near as can be told where it gave none.
struct Consumption {
    let usage: Usage
    let basis: UsageBasis

    static let nothing = Consumption(usage: Usage(), basis: .none)

    private init(usage: Usage, basis: UsageBasis) {
        self.usage = usage
        self.basis = basis
    }

    /// - Parameter error: what ended the answer before its end, perhaps before its first content.
    init(of course: any AnswerCourse, _ error: GatewayError?, _ inbound: Inbound) {
        guard var usage = course.usage else {
            // About four bytes of JSON make a token, and a streamed event carries about one.
            let guess = Usage(input: inbound.body.readableBytes / 4, output: course.contentEvents)
            self = course.contentEvents > 0 ? Consumption(usage: guess, basis: .estimated) : .nothing
            return
        }
        // Broken off: the figures are those of the beginning, and each event since then carried about one token.
        if error != nil { usage.output = max(usage.output, course.contentEvents) }
        self.init(usage: usage, basis: error == nil ? .provider : .estimated)
    }
}

extension UsageRecord {
    /// Enters what was consumed, and what that costs where it is known.
    mutating func enter(_ consumption: Consumption, _ request: RequestContext) {
        usage = consumption.usage
        usageBasis = consumption.basis
        guard usageBasis != .none, let prices = request.candidate?.deployment.prices else { return }
        cost = Tariff(prices).cost(of: usage, at: request.inbound.startedAt)
    }
}
