import SiraConfiguration
import SiraHealth
import SiraRouting
import SiraStorage

/// With which settings a process begins: those of the file with what was changed since, or of the file alone where that
/// does not fit.
struct StartingConfiguration {
    let settings: Settings
    let preparation: Preparation
    let layer: SettingsLayer
    /// Why the layer is passed over; nil where it is in force, or there is none.
    let problem: String?

    /// - Parameters:
    ///   - settings: those of the file alone, which have been found good.
    ///   - preparation: what they come to.
    init(
        _ settings: Settings,
        _ preparation: Preparation,
        path: String?,
        environment: Environment,
        vault: LayerVault,
        memory: RoutingMemory
    ) async {
        var layer = SettingsLayer.empty
        var (merged, prepared) = (settings, preparation)
        var problem: String?
        do {
            if let version = try await vault.store.latest() { layer = try vault.layer(of: version) }
            if !layer.isEmpty {
                merged = try Settings.load(path: path, environment: environment, layer: layer)
                prepared = try Preparation(settings: merged, environment: environment, memory: memory)
                memory.health.adopt(merged.routing.health)
            }
        } catch {
            (merged, prepared) = (settings, preparation)
            let reason = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            problem = "What was changed of the configuration in the console is not in force: \(reason)"
        }
        self.settings = merged
        self.preparation = prepared
        self.layer = layer
        self.problem = problem
    }
}
