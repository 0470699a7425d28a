import SiraCore
import Synchronization

/// All metrics of the process: the lanes' counters merged, and the values that are asked for at each scrape.
package final class MetricsRegistry: Sendable {
    let layout: MetricsLayout
    let version: String
    private let state: Mutex<State>

    private struct State {
        var lanes: [LaneMetrics] = []
        /// Indexed by slot; `other` has the last one and is not listed.
        var providers = ["none"]
        var sampled: [SampledMetric] = []
        var families: [@Sendable () -> [MetricFamily]] = []
    }

    /// A registry without lanes.
    ///
    /// - Parameters:
    ///   - operations: all operations that can be asked for; they become label values.
    ///   - version: the program's version, for `sira_build_info`.
    package init(operations: [OperationLabels], version: String) {
        layout = MetricsLayout(operations: operations)
        self.version = version
        state = Mutex(State())
    }

    /// The counters of a new lane.
    ///
    /// They are counted for as long as the registry lives.
    package func makeLane() -> LaneMetrics {
        let lane = LaneMetrics(layout: layout)
        state.withLock { $0.lanes.append(lane) }
        return lane
    }

    /// The operation's slot; nil when it was not among those given to ``init(operations:version:)``.
    package func operationSlot(_ name: String) -> OperationSlot? {
        layout.operations.firstIndex { $0.name == name }.map(OperationSlot.init)
    }

    /// The provider's slot, the same each time; ``ProviderSlot/other`` when all are taken.
    ///
    /// Slots are never given back: a provider's counters outlive its configuration, as counters should.
    package func providerSlot(_ id: String) -> ProviderSlot {
        guard id != "other" else { return .other }
        return state.withLock { state in
            if let index = state.providers.firstIndex(of: id) { return ProviderSlot(index: index) }
            guard state.providers.count < ProviderSlot.other.index else { return .other }
            state.providers.append(id)
            return ProviderSlot(index: state.providers.count - 1)
        }
    }

    /// Adds a metric whose value is asked for at each scrape.
    package func register(_ metrics: [SampledMetric]) {
        state.withLock { $0.sampled += metrics }
    }

    /// Adds metrics whose samples are asked for at each scrape, all that belong together at one moment.
    package func register(families: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.families.append(families) }
    }

    package var laneCount: Int { state.withLock { $0.lanes.count } }

    /// The lanes' counters added up, with the label values to read them by.
    func merged() -> MergedMetrics {
        let (lanes, providers) = state.withLock { ($0.lanes, $0.providers) }
        var cells = [Int](repeating: 0, count: layout.cellCount)
        for lane in lanes {
            for index in cells.indices { cells[index] = cells[index].saturatingAdd(lane.cells.value(at: index)) }
        }
        var slots = providers.enumerated().map { (ProviderSlot(index: $0.offset), $0.element) }
        slots.append((.other, "other"))
        return MergedMetrics(layout: layout, cells: cells, providers: slots)
    }

    /// What the metrics that were added by ``register(families:)`` say now.
    func families() -> [MetricFamily] { state.withLock { $0.families }.flatMap { $0() } }

    /// The metrics that were added by ``register(_:)``, those of one name next to one another.
    func sampledMetrics() -> [SampledMetric] {
        let sampled = state.withLock { $0.sampled }
        var names: [String] = []
        for metric in sampled where !names.contains(metric.name) { names.append(metric.name) }
        return names.flatMap { name in sampled.filter { $0.name == name } }
    }
}

/// What all lanes have counted, at about one moment.
struct MergedMetrics {
    let layout: MetricsLayout
    let cells: [Int]
    /// `none` first, `other` last.
    let providers: [(slot: ProviderSlot, id: String)]
}
