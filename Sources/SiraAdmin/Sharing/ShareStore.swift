import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy
import Synchronization

/// Where shares are kept: what is listed, what is shown and what is counted each by itself.
///
/// What is shown is large and never changes; lists do without it, and counting does not write it again.
struct ShareStore: Sendable {
    let documents: any DocumentStore
    let clock: GatewayClock

    /// Documents that are read at once.
    private static let page = 500

    /// Keeps a share; only once all of it is there does its link show anything.
    func add(_ id: String, _ kept: KeptShare, showing share: ReportShare) async throws {
        for (kind, document) in [
            (DocumentKind.reportShare, kept.stored), (.reportShareOpenings, KeptOpenings().stored),
            (.reportShareContent, share.stored),
        ] {
            _ = try await documents.update(kind, id) { _ in document }
        }
    }

    /// The share with this id, if it is good.
    func share(_ id: String) async throws -> KeptShare? {
        let kept: KeptShare? = try await documents.document(.reportShare, id).flatMap(Self.read)
        return kept.flatMap { clock.now() < $0.expiresAt ? $0 : nil }
    }

    /// What a share shows.
    func content(_ id: String) async throws -> ReportShare? {
        try await documents.document(.reportShareContent, id).flatMap(Self.read)
    }

    /// The shares that are good; those that have expired are deleted.
    func all() async throws -> [(id: String, share: KeptShare)] {
        let (now, kept): (Timestamp, [(String, KeptShare)]) = (clock.now(), try await list(.reportShare))
        for (id, share) in kept where now >= share.expiresAt { try await remove(id) }
        return kept.filter { now < $0.1.expiresAt }
    }

    /// How shares were opened, by their ids.
    func openings() async throws -> [String: KeptOpenings] {
        Dictionary(uniqueKeysWithValues: try await list(.reportShareOpenings))
    }

    /// Deletes a share; what it shows goes first, so that its link is dead even where the rest stays.
    func remove(_ id: String) async throws {
        for kind in [DocumentKind.reportShareContent, .reportShareOpenings, .reportShare] {
            try await documents.remove(kind, id)
        }
    }

    /// Counts an opening.
    ///
    /// - Returns: whether it is to have a line of its own in the trail.
    func countOpening(of id: String, from address: String) async throws -> Bool {
        let now = clock.now()
        // Where there is nothing to count any more, since the share was taken back meanwhile, the trail tells of it.
        let isNoted = Mutex(true)
        _ = try await documents.update(.reportShareOpenings, id) { document in
            guard let document, var openings: KeptOpenings = Self.read(document) else { return nil }
            let isNew = openings.count(from: address, at: now)
            isNoted.withLock { $0 = isNew }
            return openings.stored
        }
        return isNoted.withLock { $0 }
    }

    /// Documents of a kind; those that cannot be read are left alone, since another version may know what they say.
    private func list<Group: FieldGroup>(_ kind: DocumentKind) async throws -> [(String, Group)] {
        var (groups, after): ([(String, Group)], String?) = ([], nil)
        while true {
            let page = try await documents.documents(kind, after: after, limit: Self.page)
            for document in page {
                if let group: Group = Self.read(document.json) { groups.append((document.id, group)) }
            }
            guard page.count == Self.page, let last = page.last else { return groups }
            after = last.id
        }
    }

    private static func read<Group: FieldGroup>(_ document: [UInt8]) -> Group? {
        try? JSONIndexer().read(document) { try Group.read($0) }
    }
}
