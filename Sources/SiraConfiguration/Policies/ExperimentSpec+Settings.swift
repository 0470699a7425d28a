package import SiraExperiments

extension ExperimentSpec {
    /// The experiment that the settings describe.
    package init(name: String, _ settings: ExperimentSettings) {
        var arms = settings.arms
        let kind: Kind
        switch settings.kind {
        case .split: kind = .split
        case .canary: kind = .canary(settings.canary ?? CanaryPolicy())
        case .shadow:
            kind = .shadow
            // A shadow's weight is the share of requests that are copied to it.
            for index in arms.indices.dropFirst() { arms[index].weight = settings.share ?? 1 }
        }
        self.init(name: name, models: settings.models, kind: kind, arms: arms)
    }
}

extension Settings {
    /// All experiments, sorted by name.
    package var experimentSpecs: [ExperimentSpec] {
        experiments.sorted { $0.key < $1.key }.map { ExperimentSpec(name: $0.key, $0.value) }
    }
}
