import ArgumentParser
import SiraApp
import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// `sira providers`.
struct ProvidersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers",
        abstract: "Show which providers are on and why, or all that the catalogue knows."
    )

    @Flag(help: "The whole catalogue, with what to set for each provider.")
    var all = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let world = try options.world()
        let lines = ProviderLine.on(world) + (all ? ProviderLine.off(world) : [])
        output.print { json in
            json.array { list in
                for line in lines { list.object { line.write(to: &$0) } }
            }
        } plain: {
            guard !lines.isEmpty else {
                return "No provider is on. Set a key such as OPENAI_API_KEY; `--all` shows every provider's."
            }
            var table = TextTable("id", "name", "state", "why", "base url")
            for line in lines { table.add(line.id, line.name, line.isOn ? "on" : "off", line.reason, line.baseURL) }
            return table.text
        }
    }
}

/// A provider as it is listed.
private struct ProviderLine {
    let id: String
    let name: String
    let isOn: Bool
    /// Why it is on, or what has to be done for that.
    let reason: String
    let baseURL: String
    /// The variable that by custom holds the key.
    let keyVariable: String?
    let wireProtocol: String

    static func on(_ world: World) -> [ProviderLine] {
        world.accesses.map { access in
            ProviderLine(
                id: access.name,
                name: access.provider.name,
                isOn: true,
                reason: world.origin(of: access.name),
                baseURL: access.baseURL.description,
                keyVariable: access.provider.usualKeyVariable,
                wireProtocol: access.wire.rawValue
            )
        }
    }

    static func off(_ world: World) -> [ProviderLine] {
        let configured = Set(world.accesses.map(\.provider.id))
        return world.catalog.providers.filter { !configured.contains($0.id) }.map { provider in
            ProviderLine(
                id: provider.id,
                name: provider.name,
                isOn: false,
                reason: remedy(provider),
                baseURL: provider.baseURL,
                keyVariable: provider.usualKeyVariable,
                wireProtocol: provider.protocolLabel
            )
        }
    }

    private static func remedy(_ provider: Provider) -> String {
        guard provider.wire != nil else { return "its protocol \(provider.protocolLabel) is not spoken yet" }
        guard provider.auth.isSupported else { return "its way of authentication is not supported yet" }
        var steps = provider.isKeyOptional ? [] : ["set \(provider.usualKeyVariable ?? "a key")"]
        if !provider.needs.isEmpty {
            steps.append("add it to sira.yaml with \(provider.needs.joined(separator: ", "))")
        } else if provider.isKeyOptional || !provider.isZeroConfig {
            steps.append("add it to sira.yaml")
        }
        return steps.joined(separator: ", ")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("on", isOn)
        json.member("reason", reason)
        json.member("base_url", baseURL)
        json.member("key_variable", optional: keyVariable)
        json.member("protocol", wireProtocol)
    }
}
