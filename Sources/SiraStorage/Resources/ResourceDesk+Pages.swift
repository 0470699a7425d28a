import SiraJSON
import SiraTenancy

/// Some resources of a kind, the newest first.
package struct ResourcePage: Sendable {
    package var items: [KeptResource] = []
    /// Whether there are more after them.
    package var hasMore = false
}

extension ResourceDesk {
    /// How many are read at once while those are looked for that the author may see.
    private static let batch = 200

    /// Resources of a kind that the author may see.
    ///
    /// - Throws: ``DeskError/invalid(_:)`` when what the page is to come after is not there; the stores' errors.
    package func page(_ query: ResourceQuery, for author: Author) async throws -> ResourcePage {
        if let after = query.after, try await kept(query.kind, after) == nil {
            let problem = FieldProblem("after", "is not there any more; begin with the first page")
            throw DeskError.invalid(FieldProblems([problem]))
        }
        var page = ResourcePage()
        guard author.authority.holds(Permission(query.kind.area, .read)) else { return page }
        var rest = query
        rest.limit = Self.batch
        while !page.hasMore {
            let batch =
                query.kind == .key ? try await keyBatch(rest) : try await resources.page(rest).map { try kept($0) }
            for kept in batch where try await author.sees(kept, self) {
                page.hasMore = page.items.count == query.limit
                if page.hasMore { break }
                page.items.append(kept)
            }
            guard batch.count == rest.limit else { break }
            rest.after = batch.last?.id
        }
        return page
    }

    private func keyBatch(_ query: ResourceQuery) async throws -> [KeptResource] {
        var newest = try await keys.allKeys().reversed()[...]
        if let after = query.after {
            newest = newest.drop { $0.id != after }.dropFirst()
        }
        var batch: [KeptResource] = []
        for key in newest where try Self.passes(KeyTerms(key), query.fields) {
            batch.append(KeptResource(key))
            if batch.count == query.limit { break }
        }
        return batch
    }

    /// Whether fields have these values, as text.
    private static func passes(_ terms: KeyTerms, _ fields: [String: String]) throws -> Bool {
        guard !fields.isEmpty else { return true }
        return try JSONIndexer().read(terms.stored) { json in
            fields.allSatisfy { name, wanted in
                let value = json.members.first { $0.key.string == name }?.value
                guard let value, !value.isNull else { return false }
                return (value.string ?? value.rawJSON.description) == wanted
            }
        }
    }
}
