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

/// A request that came to a provider of the simulation.
struct Arrival: Sendable {
    /// When it came, since the simulation's beginning.
    let at: Duration
    /// What it showed.
    let key: String
    /// How many the provider was working on, this one included.
    let running: Int
    /// When the provider was done with it.
    var ended: Duration?
}

/// A provider of the simulation: what it does with each request, and what it was asked.
final class ModelledProvider {
    let name: String
    /// What it does with a request that comes so long after the simulation's beginning, with that key.
    let behave: (_ time: Duration, _ key: String, _ random: inout SeededRandom) -> Behaviour
    /// What it says of limits in each answer to that key.
    var limits: (_ time: Duration, _ key: String) -> [(String, String)] = { _, _ in [] }
    private(set) var arrivals: [Arrival] = []
    /// When it was asked for a list of its models.
    private(set) var probes: [Duration] = []
    private(set) var running = 0

    init(_ name: String, _ behave: @escaping (Duration, String, inout SeededRandom) -> Behaviour) {
        self.name = name
        self.behave = behave
    }

    /// A provider that answers in a usual time all along.
    static func healthy(_ name: String, firstToken: Duration = .milliseconds(300)) -> ModelledProvider {
        ModelledProvider(name) { _, _, random in .usual(firstToken, &random) }
    }

    /// A provider that behaves otherwise for some time.
    static func healthy(
        _ name: String,
        but other: @escaping (inout SeededRandom) -> Behaviour,
        during outage: Range<Duration>
    ) -> ModelledProvider {
        ModelledProvider(name) { time, _, random in
            outage.contains(time) ? other(&random) : .usual(.milliseconds(300), &random)
        }
    }

    /// Notes a request.
    ///
    /// - Returns: its place, for ``left(_:at:)``.
    func arrived(at time: Duration, key: String) -> Int {
        running += 1
        arrivals.append(Arrival(at: time, key: key, running: running))
        return arrivals.count - 1
    }

    func left(_ place: Int, at time: Duration) {
        running -= 1
        arrivals[place].ended = time
    }

    func probed(at time: Duration) { probes.append(time) }
}

extension Behaviour {
    /// An answer whose times vary by a third to either side.
    static func usual(_ firstToken: Duration, _ random: inout SeededRandom) -> Behaviour {
        let factor = Double.random(in: 0.67...1.33, using: &random)
        return .answers(firstToken: firstToken * factor, rest: .milliseconds(700) * factor)
    }

    /// That status for a share of requests, the usual answer for the others.
    static func failing(_ share: Double, with status: Int, _ random: inout SeededRandom) -> Behaviour {
        Double.random(in: 0..<1, using: &random) < share
            ? .status(status, after: .milliseconds(50)) : .usual(.milliseconds(300), &random)
    }
}
