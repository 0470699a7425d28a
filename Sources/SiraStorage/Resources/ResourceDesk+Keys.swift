package import SiraCore
import SiraJSON
package import SiraTenancy
import Synchronization

/// A key that was made or has a new text, with that text, which is shown this once.
package struct IssuedResource: Sendable {
    package let kept: KeptResource
    package let text: Secret
    /// The limits and the budget that were made with it.
    package var companions: [ResourceReference] = []
}

extension ResourceDesk {
    /// Makes a key, with limits and a budget of its own where fields of ``KeyAllowance`` ask for them: all or nothing.
    ///
    /// - Throws: ``DeskError``, and the stores' errors.
    package func createKey(from body: [UInt8], by author: Author) async throws -> IssuedResource {
        let (terms, allowance) = try Self.read(body) { try Self.keyOrder($0) }
        return try await createKey(terms, allowance, by: author)
    }

    /// Makes a key on these terms.
    package func createKey(
        _ terms: KeyTerms,
        _ allowance: KeyAllowance,
        by author: Author
    ) async throws -> IssuedResource {
        let type = try type(of: .key)
        let now = clock.now()
        if let expiresAt = terms.expiresAt, expiresAt <= now {
            throw DeskError.invalid(FieldProblems([FieldProblem("expires_at", "must be in the future")]))
        }
        let drawn = APIKey.issue(name: terms.name, at: now)
        var key = drawn.key
        terms.apply(to: &key)
        try await check(terms, key.id, type, author)
        var (companions, references): ([(ResourceChange, AuditEntry)], [ResourceReference]) = ([], [])
        for value in allowance.resources(for: key.id) {
            let kind = Swift.type(of: value).kind
            let permission = Permission(kind.area, .write)
            let place = try await changers(of: type.place(terms, key.id))
            guard author.authority.allows(permission, in: place) else {
                throw DeskError.forbidden("A key with limits or a budget needs \(permission) where the key is.")
            }
            var random = SystemRandomNumberGenerator()
            let id = kind.drawID(using: &random)
            let document = ResourceDocument(kind: kind, id: id, createdAt: now, updatedAt: now, json: value.stored)
            let change = ResourceChange.create(document, references: value.references, unique: [:])
            companions.append((change, entry("create", of: kind, id, value.changes(from: nil), by: author)))
            references.append(ResourceReference(kind: kind, id: id))
        }
        do {
            let entry = entry("create", of: .key, key.id, terms.changes(from: nil), by: author)
            try await keepingToPlans(terms) { [key, companions] in
                try await keys.insert(key, entry, with: companions)
            }
        } catch {
            throw Self.told(error, .key, key.id, terms)
        }
        return IssuedResource(kept: KeptResource(key), text: drawn.text, companions: references)
    }

    /// Gives a key a new text.
    ///
    /// - Parameter grace: how long the old one is honoured beside it.
    /// - Throws: ``DeskError``, and the stores' errors.
    package func rotateKey(
        _ id: String,
        grace: Duration,
        version: Int64? = nil,
        by author: Author
    ) async throws -> IssuedResource {
        let now = clock.now()
        // The new text is drawn where nothing comes between reading the key and writing it.
        let drawn = Mutex<Secret?>(nil)
        let kept = try await alterKey(id, version: version, by: author, action: "rotate") { key in
            guard key.revokedAt == nil else {
                throw DeskError.unfit("The key \(key.id) is revoked; make a new one.")
            }
            let issued = key.rotated(grace: grace, at: now)
            drawn.withLock { $0 = issued.text }
            key = issued.key
        }
        guard let text = drawn.withLock({ $0 }) else { throw StoreError.notFound(id) }
        return IssuedResource(kept: kept, text: text)
    }

    /// Refuses a key from now on, for good; one that was revoked before keeps its time.
    ///
    /// - Throws: ``DeskError``, and the stores' errors.
    package func revokeKey(_ id: String, version: Int64? = nil, by author: Author) async throws -> KeptResource {
        let now = clock.now()
        return try await alterKey(id, version: version, by: author, action: "revoke") { key in
            // Who revokes twice keeps the first time, from which reports count.
            key.revokedAt = min(key.revokedAt ?? now, now)
            key.retiring = nil
        }
    }

    func changeKey(
        _ id: String,
        version: Int64?,
        by author: Author,
        _ alter: (any Resource) throws -> any Resource
    ) async throws -> KeptResource {
        let type = try type(of: .key)
        while true {
            let old = try await keyToChange(id, author)
            if let version, version != old.version { throw DeskError.changed(old.version) }
            guard let terms = try alter(old.value) as? KeyTerms else { return old }
            guard !terms.equals(old.value) else { return old }
            try await check(terms, id, type, author)
            do {
                return try await keepingToPlans(terms, id, insteadOf: old.value) {
                    try await alterKey(id, version: old.version, by: author, action: "update") {
                        terms.apply(to: &$0)
                    }
                }
            } catch DeskError.changed where version == nil {
                continue
            }
        }
    }

    private func keyToChange(_ id: String, _ author: Author) async throws -> KeptResource {
        let kept = try await resource(.key, id, for: author)
        try await check(kept.value, id, try type(of: .key), author)
        return kept
    }

    private func alterKey(
        _ id: String,
        version: Int64?,
        by author: Author,
        action: String,
        _ alter: @escaping @Sendable (inout APIKey) throws -> Void
    ) async throws -> KeptResource {
        let seen = try await keyToChange(id, author)
        do {
            let key = try await keys.update(id) { [self] key in
                // What the author may do was found out for the key as it was then.
                if key.version != version ?? seen.version { throw DeskError.changed(key.version) }
                let old = KeyTerms(key)
                try alter(&key)
                key.updatedAt = clock.now()
                return entry(action, of: .key, id, KeyTerms(key).changes(from: old), by: author)
            }
            return KeptResource(key)
        } catch {
            throw Self.told(error, .key, id, seen.value)
        }
    }

    /// What is said of a new key: its terms, and its allowance beside them in the same object.
    private static func keyOrder(_ json: JSONValue) throws(FieldProblems) -> (KeyTerms, KeyAllowance) {
        guard json.kind == .object else { throw FieldProblems([FieldProblem("", "must be a JSON object")]) }
        let names = Set(KeyAllowance.fields.map(\.outline.name))
        var (terms, allowance) = (JSONWriter(), JSONWriter())
        func copy(into writer: inout JSONWriter, where isWanted: (String) -> Bool) {
            writer.object { writer in
                for (key, value) in json.members where isWanted(key.string ?? "") {
                    writer.key(dynamic: key.string ?? "")
                    writer.element(value)
                }
            }
        }
        copy(into: &terms) { !names.contains($0) }
        copy(into: &allowance) { names.contains($0) }
        var problems: [FieldProblem] = []
        let order = (
            try? part(KeyTerms.self, terms.bytes, &problems), try? part(KeyAllowance.self, allowance.bytes, &problems)
        )
        guard case (let terms?, let allowance?) = order, problems.isEmpty else { throw FieldProblems(problems) }
        return (terms, allowance)
    }

    private static func part<Part: FieldGroup>(
        _ type: Part.Type,
        _ bytes: [UInt8],
        _ problems: inout [FieldProblem]
    ) throws -> Part {
        do {
            return try JSONIndexer().read(bytes) { try Part.read($0) }
        } catch let error as FieldProblems {
            problems += error.problems
            throw error
        }
    }
}
