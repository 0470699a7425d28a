import SiraAdmin
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraHealth
import SiraJSON
import SiraRouting
import SiraStorage
import SiraWire

extension ProviderDesk {
    /// All providers: those in use in their order, then the others of the configuration.
    func list() async throws -> [UInt8] {
        let writers = try await shown()
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            json.array("providers") { list in for entry in writers { list.element(RawJSON(bytes: entry.json)) } }
        }
        return json.bytes
    }

    /// One provider, as it is now.
    func reply(_ id: String) async throws -> EndpointReply {
        guard let entry = try await shown().first(where: { $0.id == id }) else {
            throw DeskError.missing(kind: "provider", id: id)
        }
        let version = try await configuration.newest().number
        return EndpointReply(entry.json, version: version)
    }

    /// What the catalogue knows.
    func catalog() -> [UInt8] {
        let world = world()
        let inUse = Set(world.accesses.map(\.name))
        var json = JSONWriter(capacity: 32_768)
        json.object { json in
            json.array("providers") { list in
                for provider in world.catalog.providers where provider.isSpoken {
                    list.object { json in
                        json.member("id", provider.id)
                        json.member("name", provider.name)
                        json.member("kind", provider.wire?.rawValue ?? provider.protocolLabel)
                        if provider.baseURL.isEmpty {
                            json.null("base_url")
                        } else {
                            json.member("base_url", provider.baseURL)
                        }
                        json.member("needs_key", !provider.isKeyOptional)
                        json.array("needs") { list in for need in provider.needs { list.element(need) } }
                        json.member("models", world.catalog.models(of: provider.id).count)
                        json.member("in_use", inUse.contains(provider.id))
                    }
                }
            }
        }
        return json.bytes
    }

    private func shown() async throws -> [(id: String, json: [UInt8])] {
        let (world, settings, now) = (world(), settings(), clock.now())
        var query = RollupQuery(from: now.advanced(by: .seconds(-86_400)), until: now, by: [.provider])
        query.limit = 1_000
        let lines = try await rollups.totals(query)
        let totals = Dictionary(lines.map { ($0.provider ?? "", $0.totals) }) { first, _ in first }
        let overview = health.overview()
        let ids =
            world.accesses.map(\.name)
            + settings.providers.keys.filter { id in !world.accesses.contains { $0.name == id } }.sorted()
        return ids.map { id in
            var json = JSONWriter(capacity: 1_024)
            json.object { json in
                write(id, world, settings, to: &json)
                write(totals[id] ?? UsageTotals(), to: &json)
                let ailment = Ailment(of: id, overview, health.ailments()[id] ?? [])
                json.member("state", world.accesses.contains { $0.name == id } ? ailment.state : "unknown")
                if let words = ailment.words { json.member("last_error", words) } else { json.null("last_error") }
                json.member("drained", ailment.isDrained)
            }
            return (id, json.bytes)
        }
    }

    private func write(_ id: String, _ world: World, _ settings: Settings, to json: inout JSONWriter) {
        let access = world.accesses.first { $0.name == id }
        let known = world.catalog.provider(id)
        let origin = origin(of: id) ?? .file
        json.member("id", id)
        json.member("name", known?.name ?? id)
        let wire = access?.wire ?? settings.providers[id]?.wireProtocol ?? known?.wire
        json.member("kind", wire?.rawValue ?? "")
        if let url = access?.baseURL.text ?? settings.providers[id]?.baseURL {
            json.member("base_url", url)
        } else {
            json.null("base_url")
        }
        json.object("credential") { json in
            let key = settings.providers[id]?.allKeys.first?.reveal() ?? access?.credentials.first?.value.reveal()
            let isShown = access.map { !$0.credentials.isEmpty || $0.signer != nil } ?? (key != nil)
            json.member("state", isShown ? "present" : access == nil ? "missing" : "unneeded")
            // Of a short key the end would tell too much.
            if let key, key.utf8.count >= 20 { json.member("tail", String(key.suffix(4))) } else { json.null("tail") }
        }
        json.member("origin", origin.rawValue)
        json.member("source", world.accesses.contains { $0.name == id } ? world.origin(of: id) : "configuration")
        json.member("changeable", origin == .console)
        json.member("enabled", settings.providers[id]?.isEnabled ?? true)
        json.member("models", access.map { world.catalog.models(of: $0.provider.id).count } ?? 0)
    }

    private func write(_ totals: UsageTotals, to json: inout JSONWriter) {
        if let p95 = totals.durations.quantile(0.95), totals.requests > 0 {
            json.member("p95_ms", Double(p95) / 1_000)
        } else {
            json.null("p95_ms")
        }
        if totals.requests > 0 {
            json.member("error_rate", Double(totals.errors) / Double(totals.requests))
        } else {
            json.null("error_rate")
        }
        json.member("requests", totals.requests)
        json.member("spend_nano", String(totals.cost.nanos))
    }
}

/// What keeps requests away from a provider.
private struct Ailment {
    var state: String
    var words: String?
    var isDrained: Bool

    init(of id: String, _ overview: HealthOverview, _ ailments: [String]) {
        isDrained = overview.accesses.contains { $0.name == id && $0.drainReason != nil }
        let used = overview.deployments.filter { $0.access == id && $0.isUsed }
        let ill = used.count(where: \.isIll)
        words = ailments.isEmpty ? nil : ailments.joined(separator: "; ")
        state =
            if isDrained || (!used.isEmpty && ill == used.count) {
                "down"
            } else if ill > 0 {
                "degraded"
            } else {
                used.isEmpty ? "unknown" : "up"
            }
    }
}

extension BaseURL {
    /// The URL as it would be written.
    var text: String { (endpoint.usesTLS ? "https://" : "http://") + endpoint.authority + pathPrefix }
}

extension ProviderTrial.Verdict {
    /// What is answered.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("ok", isOK)
            json.milliseconds("latency_ms", latency)
            json.array("models") { list in
                for name in (models ?? []).prefix(ProviderTrial.modelLimit) { list.element(name) }
            }
            if let models { json.member("models_total", models.count) } else { json.null("models_total") }
            if let call {
                json.object("call") { json in
                    json.member("model", call.model)
                    json.member("ok", call.error == nil)
                    json.milliseconds("latency_ms", call.latency)
                    if let error = call.error { json.member("error", error) } else { json.null("error") }
                }
            } else {
                json.null("call")
            }
            if let error { json.member("error", error) } else { json.null("error") }
        }
        return json.bytes
    }
}

extension JSONWriter {
    /// A length of time in milliseconds, or null.
    fileprivate mutating func milliseconds(_ key: StaticString, _ time: Duration?) {
        if let time { member(key, Double(time.wholeMicroseconds) / 1_000) } else { null(key) }
    }
}
