import SiraCore
import SiraStorage

/// What came of a simulation.
struct SimulationResult: Sendable {
    /// What a provider was asked.
    struct Provider: Sendable {
        let arrivals: [Arrival]
        let probes: [Duration]

        /// Requests that came in a part of the simulation.
        func requests(in range: Range<Duration>) -> Int { arrivals.count { range.contains($0.at) } }
    }

    /// What is still there when all is over; nothing should be, but for the deployments.
    struct Leftovers: Sendable, Equatable {
        var clients = 0
        var attempts = 0
        var requests = 0
        var probes = 0
        var atProviders = 0
        var inFlight = 0
        var deployments = 0
    }

    let clients: [SimulatedClient.Account]
    let providers: [String: Provider]
    /// The ledger's.
    let lines: [UsageRecord]
    let leftovers: Leftovers

    // MARK: clients

    /// The share of clients that got a whole answer.
    var served: Double { Double(clients.count(where: \.isServed)) / Double(max(1, clients.count)) }

    /// The time within which that share of the clients saw the first token.
    func firstToken(_ share: Double, of range: Range<Duration> = .zero..<(.seconds(1_000_000))) -> Duration {
        let times = clients.filter { range.contains($0.at) }.compactMap(\.firstToken).sorted()
        guard !times.isEmpty else { return .zero }
        return times[min(times.count - 1, Int(Double(times.count) * share))]
    }

    // MARK: providers

    func provider(_ name: String) -> Provider { providers[name] ?? Provider(arrivals: [], probes: []) }

    /// How many of all attempts came to a provider.
    func share(of name: String) -> Double {
        Double(provider(name).arrivals.count) / Double(max(1, attempts))
    }

    /// What all providers were asked.
    var attempts: Int { providers.values.map(\.arrivals.count).reduce(0, +) }

    /// Attempts for each request.
    var amplification: Double { Double(attempts) / Double(max(1, clients.count)) }

    // MARK: the ledger

    /// What all attempts cost, where a lost one is taken to have cost as much as a whole answer: what a provider bills
    /// for an answer that was given up is not known.
    var highestCost: Int64 {
        let whole = lines.first { $0.usageBasis == .provider }?.cost?.nanos ?? 0
        return lines.map { $0.cost?.nanos ?? whole }.reduce(0, +)
    }

    /// Whether the books say what happened: a line for each attempt, and one that is final for each request.
    var isBooked: Bool {
        lines.count { $0.attempt > 0 } == attempts && lines.count(where: \.isFinal) == clients.count
            && Set(lines.filter(\.isFinal).map(\.request)).count == clients.count
    }

    /// Whether nothing is left of the requests and of what was asked for them.
    var isClean: Bool {
        var expected = Leftovers()
        expected.deployments = providers.count
        return leftovers == expected && clients.allSatisfy { $0.lasted != nil }
    }
}
