import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraRouting

/// What whoever started the program is told: where it listens and how to make a first call.
struct Banner {
    let settings: Settings
    let world: World
    /// How many keys there are.
    let keys: Int
    /// Where the API listens.
    let api: ListenAddress
    /// Where the admin surface listens.
    let admin: ListenAddress
    /// The configuration file as it was named on the command line; nil when it was not.
    let configuration: String?
    /// The program as it was called.
    var program = CommandLine.arguments.first ?? "sira"

    /// What makes somebody the owner; nil where there is one.
    var setUpCode: Secret?

    /// Where somebody becomes the owner.
    var setUpLink: String? {
        setUpCode.map { "http://\(admin.visibleHost):\(admin.port)/setup#code=\($0.reveal())" }
    }

    var text: String {
        let providers = world.sources.map { "\($0.provider) (\($0.origin))" }.joined(separator: ", ")
        var lines = [
            "Sira \(siraVersion)",
            "  base URL   \(base)/v1",
            "  admin      http://\(admin.visibleHost):\(admin.port)",
            "  providers  \(providers.isEmpty ? "none" : providers)",
            "",
        ]
        if let setUpLink {
            lines += [
                "Nobody owns this gateway yet. Open this in a browser, once, to become its owner:", "  \(setUpLink)",
                "",
            ]
        }
        lines += world.sources.isEmpty ? firstProvider : firstCall
        lines.append("")
        for warning in world.warnings { lines.append("warning: \(warning)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var base: String {
        "\(settings.server.tls == nil ? "http" : "https")://\(api.visibleHost):\(api.port)"
    }

    private var firstProvider: [String] {
        [
            "No provider is switched on, so there is no model yet. Set a provider's key and start again, for example:",
            "  OPENAI_API_KEY=sk-… \(program) serve\(option)",
            "\(program) providers --all names the variable of every provider; \(program) init writes a sira.yaml.",
        ]
    }

    private var firstCall: [String] {
        var lines = ["First call:"]
        if keys > 0 {
            lines.append("  # with one of your keys, or a new one from: \(program) keys create --name me\(option)")
        } else if needsKey {
            lines.append("  \(program) keys create --name me\(option)      # prints a key")
        }
        let key = needsKey ? " -H 'Authorization: Bearer KEY'" : ""
        lines += [
            "  curl \(base)/v1/chat/completions\(key) -H 'Content-Type: application/json' \\",
            "    -d '{\"model\": \"\(model)\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'",
        ]
        return lines
    }

    /// What leads further commands to the same configuration.
    private var option: String { configuration.map { " --config '\($0)'" } ?? "" }

    /// Whether a call from this machine is refused without a key.
    private var needsKey: Bool {
        switch settings.server.withoutKeys {
        case .allowAnyone: keys > 0
        case .allowOnLoopback: keys > 0 || !api.isLoopback
        case .refuse: true
        }
    }

    /// A model to begin with: a name of the operator's own, else a current one of the first provider that has one.
    private var model: String {
        let listed = world.directory.listed.filter { $0.kind == .chat }
        let own = listed.first { settings.aliases[$0.id] != nil || settings.models[$0.id] != nil }
        if let own { return own.id }
        let current = world.accesses.lazy.compactMap { CurrentModel.choice(of: $0, from: listed, world.catalog) }
        return current.first ?? listed.first?.id ?? "MODEL"
    }
}
