/// What is left of the rates that a request is held to, for the fields of its answer.
package struct RateLimitStatus: Hashable, Sendable {
    /// What is left of one rate.
    package struct Quota: Hashable, Sendable {
        /// Units per window.
        package let limit: Int64
        package let remaining: Int64
        /// Nanoseconds until all of it is there again.
        package let reset: UInt64

        package init(limit: Int64, remaining: Int64, reset: UInt64) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    /// The rate of requests with the least left; nil where none is limited.
    package var requests: Quota?
    /// The rate of tokens with the least left.
    package var tokens: Quota?

    package init(requests: Quota? = nil, tokens: Quota? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    /// The fields as OpenAI names and writes them ("Rate limits in headers", OpenAI API documentation).
    package var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for (quota, unit) in [(requests, "requests"), (tokens, "tokens")] {
            guard let quota else { continue }
            fields.append(("x-ratelimit-limit-\(unit)", "\(quota.limit)"))
            fields.append(("x-ratelimit-remaining-\(unit)", "\(quota.remaining)"))
            fields.append(("x-ratelimit-reset-\(unit)", Self.text(ofNanoseconds: quota.reset)))
        }
        return fields
    }

    /// A time such as `120ms`, `1.2s`, `6m0s` or `1h0m0.5s`, rounded up to milliseconds.
    package static func text(ofNanoseconds nanoseconds: UInt64) -> String {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let milliseconds = quotient + (rest > 0 ? 1 : 0)
        guard milliseconds >= 1_000 else { return milliseconds == 0 ? "0s" : "\(milliseconds)ms" }
        let seconds = milliseconds / 1_000
        var text = seconds >= 3_600 ? "\(seconds / 3_600)h" : ""
        if seconds >= 60 { text += "\(seconds / 60 % 60)m" }
        text += "\(seconds % 60)"
        let thousandths = milliseconds % 1_000
        if thousandths > 0 {
            var digits = String(thousandths + 1_000).dropFirst()
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text + "s"
    }

    /// Takes a rate into account.
    mutating func add(_ quota: Quota, of path: WritableKeyPath<RateLimitStatus, Quota?>) {
        if let known = self[keyPath: path] {
            guard (quota.remaining, quota.limit) < (known.remaining, known.limit) else { return }
        }
        self[keyPath: path] = quota
    }
}
