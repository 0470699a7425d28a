import SiraExperiments
import SiraHealth
import SiraRouting

extension Settings {
    /// What is wrong with the process-wide rules that are valid field by field.
    func routingContradictions() -> [ConfigurationProblem] {
        let (retry, firstToken, health) = (routing.retry, routing.firstToken, routing.health)
        let pairs: [(path: String, Duration, other: String, Duration)] = [
            ("retry.backoff", retry.backoff, "longest_backoff", retry.longestBackoff),
            ("first_token.shortest", firstToken.shortest, "longest", firstToken.longest),
            ("health.cooldown", health.cooldown, "longest_cooldown", health.longestCooldown),
        ]
        var problems = pairs.filter { $0.1 > $0.3 }.map { path, shorter, other, longer in
            let message = "\(TimeSpan.text(shorter)) is longer than \(other), which is \(TimeSpan.text(longer))"
            return origin.problem(at: "routing.\(path)", message)
        }
        // Of the default the file says nothing.
        let path = "routing.retry.attempts_per_deployment"
        if retry.attemptsPerDeployment > retry.attempts, origin.places[path] != nil {
            problems.append(origin.problem(at: path, "this is more than attempts (\(retry.attempts))"))
        }
        let isTaken = routes["auto"] != nil || aliases["auto"] != nil || models["auto"] != nil
        if isTaken, !routing.auto.models.isEmpty {
            let message = "nothing is chosen among these, because auto is a name of your own here"
            problems.append(origin.problem(at: "routing.auto", message))
        }
        return problems
    }

    /// What is wrong with experiments that are valid field by field.
    func experimentContradictions() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        var owners: [String: String] = [:]
        for (name, experiment) in experimentsAsWritten {
            for (index, model) in experiment.models.enumerated() {
                if let owner = owners[model] {
                    let message = "\(model.shortened) is in the experiment \(owner) already"
                    problems.append(origin.problem(at: "experiments.\(name).models[\(index)]", message))
                }
                owners[model] = owners[model] ?? name
            }
            problems += contradictions(of: experiment, at: "experiments.\(name)")
        }
        return problems
    }

    /// All experiments, in the order of the file.
    private var experimentsAsWritten: [(key: String, value: ExperimentSettings)] {
        let last = SettingsOrigin.Place(line: .max, column: .max)
        return experiments.map { (place: origin.places["experiments.\($0.key)"] ?? last, entry: $0) }
            .sorted { ($0.place, $0.entry.key) < ($1.place, $1.entry.key) }
            .map(\.entry)
    }

    private func contradictions(of experiment: ExperimentSettings, at path: String) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        func add(_ field: String, _ message: String) {
            problems.append(origin.problem(at: "\(path).\(field)", message))
        }
        switch experiment.kind {
        case .split:
            if !experiment.arms.contains(where: { $0.weight > 0 }) {
                add("arms", "one of the weights must be more than 0")
            }
        case .canary:
            if experiment.arms.count != 2 {
                add("arms", "a canary has two arms, what there is and what is new; here are \(experiment.arms.count)")
            }
            if experiment.hasWeights { add("arms", "a canary has no weights; its share grows by canary.steps") }
        case .shadow:
            if experiment.hasWeights { add("arms", "a shadow has no weights; say in share how much is copied") }
        }
        if experiment.share != nil, experiment.kind != .shadow {
            add("share", "this goes with the kind shadow, and the experiment is a \(experiment.kind.rawValue)")
        }
        if let canary = experiment.canary {
            if experiment.kind != .canary {
                add("canary", "this goes with the kind canary, and the experiment is a \(experiment.kind.rawValue)")
            }
            for index in canary.steps.indices.dropFirst() where canary.steps[index] <= canary.steps[index - 1] {
                let (step, before) = (Share.text(canary.steps[index]), Share.text(canary.steps[index - 1]))
                add("canary.steps[\(index)]", "\(step) is not more than \(before), the step before it")
            }
        }
        return problems
    }
}

extension ExperimentSettings {
    fileprivate var hasWeights: Bool { arms.contains { $0.weight != 1 } }
}
