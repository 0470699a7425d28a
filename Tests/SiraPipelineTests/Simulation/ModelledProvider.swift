import SiraCore
import SiraTesting

/// How a provider behaves at a moment of the simulation.
enum Behaviour {
    /// Answers: after this time the first token, and so long after that the last.
    case answers(firstToken: Duration, rest: Duration)
    /// Refuses with an error status.
    case status(Int, after: Duration, retryAfter: Int? = nil)
    /// No connection can be made.
    case unreachable
    /// Takes the request and says nothing for good.
    case hangs
}

/// A provider of the simulation: what it does with each request, and what it was asked.
final class ModelledProvider {
    let name: String
    /// What it does with a request that comes so long after the simulation's beginning, with that key.
    var behave: (_ time: Duration, _ key: String, _ random: inout SeededRandom) -> Behaviour
    /// When each request came.
    private(set) var arrivals: [Duration] = []
    private(set) var running = 0
    private(set) var mostRunning = 0
    /// How many there were at once while a test looked.
    var onArrival: (_ time: Duration, _ running: Int) -> Void = { _, _ in }

    init(_ name: String, _ behave: @escaping (Duration, String, inout SeededRandom) -> Behaviour) {
        self.name = name
        self.behave = behave
    }

    /// A provider that answers in a usual time all along.
    static func healthy(_ name: String, firstToken: Duration = .milliseconds(300)) -> ModelledProvider {
        ModelledProvider(name) { _, _, random in .usual(firstToken, &random) }
    }

    func arrived(at time: Duration) {
        arrivals.append(time)
        running += 1
        mostRunning = max(mostRunning, running)
        onArrival(time, running)
    }

    func left() { running -= 1 }

    /// Requests that came in a part of the simulation.
    func requests(in range: Range<Duration>) -> Int { arrivals.count { range.contains($0) } }
}

extension Behaviour {
    /// An answer whose times vary by a third to either side.
    static func usual(_ firstToken: Duration, _ random: inout SeededRandom) -> Behaviour {
        let factor = Double.random(in: 0.67...1.33, using: &random)
        return .answers(firstToken: firstToken * factor, rest: .milliseconds(700) * factor)
    }
}
