import SiraCore

/// A name of the operator's own for models: `fast` for `groq/llama-3.3-70b-versatile`, then `openai/gpt-4o-mini`.
package struct ModelAlias: Hashable, Sendable {
    package let name: String
    /// Names that a client could use, other aliases included, in the order in which they are tried.
    ///
    /// The alias's own name among them means what it would mean without the alias.
    package let targets: [String]
    /// Whether the operator calls it a model, which is only a matter of words.
    package let isModel: Bool

    package init(name: String, targets: [String], isModel: Bool = false) {
        self.name = name
        self.targets = targets
        self.isModel = isModel
    }

    /// The name as the beginning of a sentence.
    fileprivate var subject: String { "The \(isModel ? "model" : "alias") \(name)" }
}

/// Works out what aliases lead to.
struct AliasResolution {
    private(set) var plans: [String: Plan] = [:]
    private(set) var problems: [String] = []

    private let targets: [String: [String]]
    private let subjects: [String: String]
    private let underlying: (String) throws -> Plan

    /// - Parameter underlying: what a name means that is no alias.
    init(_ aliases: [ModelAlias], underlying: @escaping (String) throws -> Plan) {
        targets = Dictionary(aliases.map { ($0.name, $0.targets) }) { first, _ in first }
        subjects = Dictionary(aliases.map { ($0.name, $0.subject) }) { first, _ in first }
        self.underlying = underlying
        for alias in aliases where plans[alias.name] == nil {
            plans[alias.name] = resolve(alias.name, within: [])
        }
    }

    private mutating func resolve(_ name: String, within path: [String]) -> Plan {
        let subject = subjects[name] ?? name
        var candidates: [Candidate] = []
        var rejections: [Rejection] = []
        var seen: Set<String> = []
        for target in targets[name] ?? [] {
            guard !path.contains(target) else {
                problems.append("\(subject) leads back to \(target).")
                continue
            }
            do {
                let isAlias = target != name && targets[target] != nil
                let plan = isAlias ? resolve(target, within: path + [name]) : try underlying(target)
                for candidate in plan.candidates where seen.insert(candidate.deployment.id).inserted {
                    candidates.append(Candidate(candidate.deployment, .alias))
                }
                rejections += plan.rejections
            } catch {
                let reason = (error as? GatewayError)?.message ?? "\(error)"
                rejections.append(Rejection(target: target, reason: reason))
                if path.isEmpty {
                    problems.append("\(subject) leads to \(target), which cannot be used: \(reason)")
                }
            }
        }
        if targets[name]?.isEmpty ?? true, path.isEmpty { problems.append("\(subject) leads nowhere.") }
        return Plan(candidates: candidates, rejections: rejections)
    }
}
