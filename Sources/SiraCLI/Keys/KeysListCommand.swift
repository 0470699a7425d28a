import ArgumentParser
import SiraCore
import SiraJSON
import SiraSQLite
import SiraStorage
import SiraTenancy

/// `sira keys list`.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show all keys, oldest first.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let now = CommandContext.current.clock.now()
        let keys = try await options.withDatabase { try await $0.keys.allKeys() }
        output.print { json in
            json.array { list in
                for key in keys { list.object { key.write(to: &$0, now: now) } }
            }
        } plain: {
            guard !keys.isEmpty else { return "There are no keys yet; `sira keys create --name NAME` makes one." }
            var table = TextTable("id", "name", "state", "models", "expires", "tags", "created")
            for key in keys {
                let models = key.allowedModels.map(\.description).joined(separator: ",")
                table.add(
                    key.id,
                    key.name,
                    key.state(at: now) + key.grace(at: now),
                    models.isEmpty ? "all" : models,
                    key.expiresAt?.minute ?? "never",
                    key.tags.joined(separator: ","),
                    key.createdAt.minute
                )
            }
            return table.text
        }
    }
}

extension APIKey {
    /// `active`, `expired` or `revoked`.
    fileprivate func state(at now: Timestamp) -> String {
        if let revokedAt, revokedAt <= now { return "revoked" }
        if let expiresAt, expiresAt <= now { return "expired" }
        return "active"
    }

    /// That an old text still works, and how long; empty when none does.
    fileprivate func grace(at now: Timestamp) -> String {
        guard let retiring, retiring.validUntil > now, state(at: now) == "active" else { return "" }
        return ", old text until \(retiring.validUntil.minute)"
    }

    fileprivate func write(to json: inout JSONWriter, now: Timestamp) {
        json.member("id", id)
        json.member("name", name)
        json.member("state", state(at: now))
        json.array("models", words: allowedModels.map(\.description))
        json.array("tags", words: tags)
        json.member("created_at", createdAt.description)
        json.member("expires_at", optional: expiresAt?.description)
        json.member("revoked_at", optional: revokedAt?.description)
        json.member("previous_key_until", optional: retiring?.validUntil.description)
    }
}

extension Timestamp {
    /// The time to the minute, as `2026-11-21 04:26`.
    var minute: String { String(description.prefix(16)).replacing("T", with: " ") }

    /// The time to the second, as `2026-11-21 04:26:00`.
    var second: String { String(description.prefix(19)).replacing("T", with: " ") }
}
