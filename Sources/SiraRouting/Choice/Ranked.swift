package import SiraCore

/// A contender's place after the choice, and what it has it by.
package struct Ranked: Hashable, Sendable {
    /// Its index among the contenders.
    package let index: Int
    /// The greater, the better; comparable only within one choice, and where chance takes part not the whole reason.
    package let score: Double
    package let why: Why

    package init(_ index: Int, score: Double, _ why: Why) {
        (self.index, self.score, self.why) = (index, score, why)
    }
}

/// Why a contender has its place; put into words only when someone reads it.
package enum Why: Hashable, Sendable {
    /// It stands there in the configuration, counted from 1.
    case place(Int)
    case drawn(weight: Double)
    case turn
    case inFlight(Int)
    /// Microseconds.
    case load(Double)
    /// Microseconds.
    case firstToken(p50: Double, p95: Double)
    /// Tokens in a second.
    case throughput(Double)
    case quality(Double)
    case cost(NanoUSD)
    /// It came first because its cache of prompts is worth more than another's lower price.
    case kept
    case session
    case blend(Double)
    /// Nothing is known of it yet.
    case unmeasured
    /// Nothing is known of it yet, and so it is tried now and then.
    case explored
    case unpriced
    case unrated
    /// There is nothing better left.
    ///
    /// With what keeps it from being asked.
    case lastResort(String)
    case fallback
    /// As someone else has put it.
    case stated(String)

    /// A clause such as `estimated at $0.000150000`.
    package var words: String {
        switch self {
        case .place(let place): "number \(place) in the configuration"
        case .drawn(let weight): "drawn by its weight of \(Figure(weight))"
        case .turn: "its turn"
        case .inFlight(let count): "\(count) in flight"
        case .load(let load): "peak-EWMA load of \(Figure(load / 1_000)) ms"
        case .firstToken(let p50, let p95): "first token after \(Figure(p50 / 1_000)) ms, p95 \(Figure(p95 / 1_000)) ms"
        case .throughput(let rate): "\(Figure(rate)) tokens/s"
        case .quality(let quality): "quality \(Figure(quality))"
        case .cost(let cost): "estimated at $\(cost)"
        case .kept: "kept there for its cache of this prompt"
        case .session: "kept there for the session"
        case .blend(let score): "score \(Figure(score)) of 1"
        case .unmeasured: "nothing measured yet"
        case .explored: "tried because nothing was measured yet"
        case .unpriced: "its price is not known"
        case .unrated: "its quality is not known"
        case .lastResort(let reason): "the last resort: \(reason)"
        case .fallback: "a fallback"
        case .stated(let words): words
        }
    }
}

/// A number as people are shown it: up to three digits after the point.
struct Figure: CustomStringConvertible {
    let value: Double

    init(_ value: Double) {
        self.value = value
    }

    var description: String {
        let scaled = (value * 1_000).rounded()
        guard scaled.isFinite, abs(scaled) < 1e15 else { return "\(value)" }
        let whole = Int64(scaled)
        let text = whole < 0 ? "-\(-whole / 1_000)" : "\(whole / 1_000)"
        let rest = String(1_000 + whole.magnitude % 1_000).dropFirst()
        let digits = rest.reversed().drop { $0 == "0" }.reversed()
        return digits.isEmpty ? text : text + "." + String(digits)
    }
}
