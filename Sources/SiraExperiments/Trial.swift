import SiraCore
import SiraJSON
import Synchronization

/// An experiment while it runs, with its results; from any thread.
final class Trial: Sendable {
    struct State {
        let startedAt: Timestamp
        var arms: [ArmStatistics]
        /// Nil for what is no canary.
        var canary: Canary?
        /// Rises with every change.
        var revision = 0
    }

    let spec: ExperimentSpec
    private let state: Mutex<State>

    init(_ spec: ExperimentSpec, at now: Timestamp) {
        self.spec = spec
        var canary: Canary?
        if case .canary(let policy) = spec.kind { canary = Canary(policy, at: now) }
        state = Mutex(
            State(startedAt: now, arms: spec.arms.map { _ in ArmStatistics() }, canary: canary)
        )
    }

    /// Goes on from what ``saved()`` gave; nil when that was of another experiment, or cannot be read.
    init?(_ spec: ExperimentSpec, saved bytes: [UInt8]) {
        let read = try? JSONIndexer().read(bytes, limits: .answer) { json -> State? in
            guard let written = json["spec"], Array(written.raw) == spec.json.bytes,
                let start = json["started_at_us"]?.integer, let list = json["arms"]
            else { return nil }
            let arms = list.elements.compactMap { ArmStatistics(json: $0) }
            guard arms.count == spec.arms.count else { return nil }
            var canary: Canary?
            if case .canary(let policy) = spec.kind {
                guard let found = Canary(policy, json: json["canary"]) else { return nil }
                canary = found
            }
            return State(startedAt: Timestamp(microseconds: start), arms: arms, canary: canary)
        }
        guard let found = read ?? nil else { return nil }
        self.spec = spec
        state = Mutex(found)
    }

    /// What it is at this moment.
    var snapshot: State { state.withLock { $0 } }

    /// What is to be kept, and the revision that it is of.
    func saved() -> (revision: Int, json: [UInt8]) {
        let snapshot = snapshot
        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.member("spec", spec.json)
            $0.member("started_at_us", snapshot.startedAt.microseconds)
            $0.array("arms") { list in
                for arm in snapshot.arms { arm.write(to: &list) }
            }
            guard let canary = snapshot.canary else { return }
            $0.key("canary")
            canary.write(to: &$0)
        }
        return (snapshot.revision, json.bytes)
    }

    /// The arm whose answer the unit gets; nil when the experiment has none to give.
    func arm(of unit: AssignmentUnit) -> Int? {
        switch spec.kind {
        case .split: return Assignment.arm(of: unit.name, in: spec.name, among: spec.arms)
        case .shadow: return spec.arms.isEmpty ? nil : 0
        case .canary:
            guard spec.arms.count > 1 else { return nil }
            let share = state.withLock { $0.canary?.share ?? 0 }
            return Assignment.isWithin(share, unit: unit.name, in: spec.name) ? 1 : 0
        }
    }

    func record(_ sample: Sample, arm: Int, at now: Timestamp) {
        change(arm) { state in
            state.arms[arm].record(sample)
            if arm < 2 { state.canary?.record(sample, isCanary: arm == 1, at: now) }
        }
    }

    func record(feedback score: Double, replacing earlier: EarlierScore?, arm: Int, at now: Timestamp) {
        change(arm) { state in
            state.arms[arm].record(feedback: score, replacing: earlier?.counted(since: state.startedAt))
            guard arm < 2 else { return }
            state.canary?.record(feedback: score, replacing: earlier, isCanary: arm == 1, at: now)
        }
    }

    /// Changes the state; arms that the experiment does not have are passed over.
    private func change(_ arm: Int, _ body: (inout State) -> Void) {
        guard spec.arms.indices.contains(arm) else { return }
        state.withLock { state in
            body(&state)
            state.revision += 1
        }
    }
}
