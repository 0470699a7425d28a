import SiraConfiguration
import SiraHealth
import SiraRouting
import SiraStorage

/// With which settings a process begins: those of the file with what was changed since, or of the file alone where that
/// does not fit.
struct StartingConfiguration {
    let settings: Settings
    let preparation: Preparation
    /// Nil where what was changed cannot be read.
    let layer: SettingsLayer?
    /// Why the layer is passed over; nil where it is in force, or there is none.
    let problem: String?

    /// - Throws: ``ConfigurationErrors`` with what is wrong with the file, where it is right neither with the layer nor
    ///   without.
    init(_ file: StartingFile, vault: LayerVault, memory: RoutingMemory) async throws {
        var layer: SettingsLayer?
        var merged: (Settings, Preparation)?
        var problem: String?
        do {
            let kept = try await vault.store.latest().map { version throws(LayerFault) in try vault.layer(of: version) }
            layer = kept ?? .empty
            if let kept, !kept.isEmpty {
                let settings = try Settings.load(path: file.path, environment: file.environment, layer: kept)
                merged = (
                    settings, try Preparation(settings: settings, environment: file.environment, memory: memory)
                )
            }
        } catch {
            let reason = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            problem = "What was changed of the configuration in the console is not in force: \(reason)"
        }
        if let merged {
            (settings, preparation) = merged
        } else {
            settings = try file.settings.get()
            preparation = try Preparation(settings: settings, environment: file.environment, memory: memory)
        }
        memory.health.adopt(settings.routing.health)
        self.layer = layer
        self.problem = problem
    }
}
