import ArgumentParser
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// `sira keys`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Create, list, change, revoke and rotate the keys that applications present.",
        discussion: "A running server takes notice of every change within a second.",
        subcommands: [
            KeysCreateCommand.self, KeysListCommand.self, KeysShowCommand.self, KeysUpdateCommand.self,
            KeysRevokeCommand.self, KeysRotateCommand.self,
        ]
    )
}

extension KeyStore {
    /// The key with this id, or the one key with this name that is not revoked.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or more than one.
    func key(called text: String) async throws -> APIKey {
        let all = try await allKeys()
        let named = all.filter { $0.name == text }
        let live = named.filter { $0.revokedAt == nil }
        if let key = all.first(where: { $0.id == text }) {
            guard let other = live.first(where: { $0.id != key.id }) else { return key }
            throw CommandFailure(
                "\"\(text)\" is the id of a key and the name of another: name that one by its id, \(other.id)."
            )
        }
        if let key = live.first ?? named.last, live.count < 2 { return key }
        guard !live.isEmpty else {
            throw CommandFailure("There is no key with the id or name \"\(text)\"; `sira keys list` shows all keys.")
        }
        let ids = live.map(\.id).joined(separator: ", ")
        throw CommandFailure("\(live.count) keys have the name \"\(text)\": say which by its id (\(ids)).")
    }
}

extension IssuedResource {
    /// Prints the text of a key that was just made, the one time that this is possible.
    func show(_ output: OutputOptions, headline: String) {
        output.print { json in
            json.object { json in
                json.member("id", kept.id)
                json.member("key", text.reveal())
                guard !companions.isEmpty else { return }
                json.array("made", words: companions.map(\.id))
            }
        } plain: {
            """
            \(headline)

                \(text.reveal())

            This is the only time that it is shown: Sira keeps no copy of it.
            """
        }
    }
}
