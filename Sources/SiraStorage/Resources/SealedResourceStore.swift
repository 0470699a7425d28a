import SiraCore
import SiraJSON
package import SiraTenancy

/// Resources in another store, with their secret fields sealed there.
///
/// A secret that cannot be opened, since the master key is lost, is given as it is kept: all else of the resource can
/// still be read, changed and removed, and who uses secrets asks ``Seal/isSealed(_:)``.
package struct SealedResourceStore: ResourceStore {
    private let store: any ResourceStore
    private let secrets: [ResourceKind: Set<String>]
    private let seal: @Sendable () throws -> Seal

    /// - Parameters:
    ///   - types: all kinds; their fields say which are secrets.
    ///   - seal: asked for only when there is a secret.
    package init(_ store: any ResourceStore, types: [ResourceType], seal: @escaping @Sendable () throws -> Seal) {
        self.store = store
        self.seal = seal
        secrets = Dictionary(types.map { ($0.kind, Set($0.outlines.filter(\.isSecret).map(\.name))) }) { first, _ in
            first
        }
        .filter { !$0.value.isEmpty }
    }

    package func all() async throws -> [ResourceDocument] { try await store.all().map(opened) }

    package func page(_ query: ResourceQuery) async throws -> [ResourceDocument] {
        try await store.page(query).map(opened)
    }

    package func document(_ kind: ResourceKind, _ id: String) async throws -> ResourceDocument? {
        try await store.document(kind, id).map(opened)
    }

    package func carryOut(_ change: ResourceChange, _ entry: AuditEntry) async throws -> ResourceDocument {
        let sealed: ResourceChange =
            switch change {
            case .create(let document, let references, let unique):
                .create(try closed(document), references: references, unique: unique)
            case .update(let document, let version, let references, let unique):
                .update(try closed(document), version: version, references: references, unique: unique)
            case .delete: change
            }
        return try opened(try await store.carryOut(sealed, entry))
    }

    package func changeToken() async throws -> ChangeToken { try await store.changeToken() }

    private func opened(_ document: ResourceDocument) throws -> ResourceDocument {
        try rewritten(document) { text, place in
            guard Seal.isSealed(text) else { return text }
            return (try? seal().open(text, for: place)) ?? text
        }
    }

    private func closed(_ document: ResourceDocument) throws -> ResourceDocument {
        try rewritten(document) { text, place in
            Seal.isSealed(text) ? text : try seal().seal(text, for: place)
        }
    }

    /// The document with its secrets changed; each is told what it belongs to.
    private func rewritten(
        _ document: ResourceDocument,
        _ change: (String, String) throws -> String
    ) throws -> ResourceDocument {
        guard let names = secrets[document.kind] else { return document }
        var document = document
        let (kind, id) = (document.kind.rawValue, document.id)
        document.json = try JSONIndexer().read(document.json, limits: .answer) { root in
            var json = JSONWriter()
            try json.object { json in
                for (key, value) in root.members {
                    let name = key.string ?? ""
                    json.key(dynamic: name)
                    if names.contains(name), let text = value.string {
                        json.element(try change(text, "\(kind) \(id) \(name)"))
                    } else {
                        json.element(RawJSON(bytes: Array(value.rawJSON.description.utf8)))
                    }
                }
            }
            return json.bytes
        }
        return document
    }
}
