package import SiraCore
import Synchronization

/// What an experiment decided about a request.
package struct Assigned: Hashable, Sendable {
    /// The experiment's name.
    package let experiment: String
    /// The arm's place among the experiment's arms.
    package let arm: Int
    /// The name of the model or route that stands in for the one that was asked for.
    package let model: String
    /// Arms that get a copy whose answer nobody sees.
    package let shadows: [ShadowCopy]

    /// Experiment and arm in one word, for the decision record: `try/1`.
    package var label: String { "\(experiment)/\(arm)" }

    /// That a copy goes to one of the shadows.
    package func copy(_ shadow: ShadowCopy) -> Assigned {
        Assigned(experiment: experiment, arm: shadow.arm, model: shadow.model, shadows: [])
    }
}

/// A copy of a request for an arm of a shadow experiment.
package struct ShadowCopy: Hashable, Sendable {
    /// The arm's place among the experiment's arms.
    package let arm: Int
    /// The name of the model or route that gets it.
    package let model: String
}

/// All experiments of the process and their results; from any thread.
///
/// Its size follows from the configuration: numbers are kept for each arm, and nothing for single requests or users.
package final class ExperimentBoard: Sendable {
    private struct State {
        var trials: [String: Trial] = [:]
        /// In the order of the configuration.
        var names: [String] = []
        /// The first experiment for each name of a model.
        var byModel: [String: Trial] = [:]
        /// Results of earlier processes, of experiments that have not been adopted yet.
        var saved: [String: [UInt8]] = [:]
        /// The revisions that are kept already.
        var savedRevisions: [String: Int] = [:]
    }

    private let state = Mutex(State())
    /// So that requests pass by without a lock where there are no experiments.
    private let isEmpty = Atomic(true)

    /// - Parameter saved: what an earlier process had ``unsaved()``, by name.
    package init(saved: [String: [UInt8]] = [:]) {
        state.withLock { $0.saved = saved }
    }

    /// Hands over what an earlier process had ``unsaved()``, by name; before the experiments are adopted.
    package func restore(_ saved: [String: [UInt8]]) {
        state.withLock { $0.saved = saved }
    }

    /// Runs these experiments from now on, and no others.
    ///
    /// Those that are the same as before in everything keep their results; others begin anew. Where two are about the same
    /// model, the first is the one that counts.
    package func adopt(_ specs: [ExperimentSpec], at now: Timestamp) {
        state.withLock { state in
            var trials: [String: Trial] = [:]
            var byModel: [String: Trial] = [:]
            var names: [String] = []
            for spec in specs where trials[spec.name] == nil {
                let trial = Self.trial(spec, &state, at: now)
                trials[spec.name] = trial
                names.append(spec.name)
                for model in spec.models where byModel[model] == nil { byModel[model] = trial }
            }
            (state.trials, state.byModel, state.names) = (trials, byModel, names)
            state.savedRevisions = state.savedRevisions.filter { trials[$0.key] != nil }
        }
        isEmpty.store(specs.isEmpty, ordering: .relaxed)
    }

    private static func trial(_ spec: ExperimentSpec, _ state: inout State, at now: Timestamp) -> Trial {
        if let trial = state.trials[spec.name], trial.spec == spec { return trial }
        state.savedRevisions[spec.name] = nil
        if let bytes = state.saved.removeValue(forKey: spec.name), let trial = Trial(spec, saved: bytes) {
            return trial
        }
        return Trial(spec, at: now)
    }

    /// Whether an experiment is about a model of this name.
    package func isAbout(_ model: String) -> Bool {
        !isEmpty.load(ordering: .relaxed) && state.withLock { $0.byModel[model] != nil }
    }

    /// What becomes of a request for a model; nil where no experiment is about it.
    ///
    /// - Parameter model: the name as the client wrote it.
    package func assign(model: String, unit: AssignmentUnit) -> Assigned? {
        guard !isEmpty.load(ordering: .relaxed), let trial = state.withLock({ $0.byModel[model] }) else { return nil }
        let spec = trial.spec
        guard let arm = trial.arm(of: unit) else { return nil }
        let copies = spec.kind == .shadow ? Shadow.copies(of: unit.request, in: spec) : []
        return Assigned(
            experiment: spec.name,
            arm: arm,
            model: spec.arms[arm].model,
            shadows: copies.map { ShadowCopy(arm: $0, model: spec.arms[$0].model) }
        )
    }

    /// Counts what became of a request; passed over where the experiment or the arm is gone.
    package func record(_ sample: Sample, experiment: String, arm: Int, at now: Timestamp) {
        trial(experiment)?.record(sample, arm: arm, at: now)
    }

    /// Counts a score from 0 to 1, in place of an earlier one of the same request where there was one.
    package func record(
        feedback score: Double,
        replacing earlier: EarlierScore? = nil,
        experiment: String,
        arm: Int,
        at now: Timestamp
    ) {
        trial(experiment)?.record(feedback: score, replacing: earlier, arm: arm, at: now)
    }

    /// The place of the first arm of that model in an experiment; nil where there is none.
    package func arm(of model: String, in experiment: String) -> Int? {
        trial(experiment)?.spec.arms.firstIndex { $0.model == model }
    }

    /// What the experiments have shown, in the order of the configuration.
    package func report(at now: Timestamp) -> [ExperimentReport] {
        let trials = state.withLock { state in state.names.compactMap { state.trials[$0] } }
        return trials.map { ExperimentReport($0, at: now) }
    }

    /// The experiments whose results have changed since they were ``markSaved(_:)``.
    package func unsaved() -> [SavedExperiment] {
        let (trials, revisions) = state.withLock { ($0.trials, $0.savedRevisions) }
        return trials.compactMap { name, trial in
            let (revision, json) = trial.saved()
            guard revisions[name] != revision else { return nil }
            return SavedExperiment(name: name, json: json, revision: revision)
        }
    }

    /// Notes that results have been kept.
    package func markSaved(_ experiments: [SavedExperiment]) {
        state.withLock { state in
            for experiment in experiments where state.trials[experiment.name] != nil {
                state.savedRevisions[experiment.name] = experiment.revision
            }
        }
    }

    private func trial(_ name: String) -> Trial? {
        guard !isEmpty.load(ordering: .relaxed) else { return nil }
        return state.withLock { $0.trials[name] }
    }
}

/// The results of an experiment as they are kept.
package struct SavedExperiment: Hashable, Sendable {
    /// The experiment's name.
    package let name: String
    /// Its results, for ``ExperimentBoard/restore(_:)``.
    package let json: [UInt8]
    let revision: Int
}
