import SiraCore
package import SiraTenancy

/// Something, such as a plan, that allows an organization a number of things.
package protocol Allowance: Resource {
    /// What people call it.
    var name: String { get }
    /// How many things of the kind an organization may have; nil for kinds that are not counted, and without limit.
    func most(of kind: ResourceKind) -> Int64?
}

extension ResourceDesk {
    /// Does what puts a thing into organizations, as long as their plans allow one more of its kind.
    ///
    /// What lies in an organization already stays: a smaller plan takes nothing away. Of those who ask at once, one
    /// after the other is looked at; those who ask another process at the same moment may come to one too many.
    ///
    /// - Parameters:
    ///   - id: the thing's, where there is one already.
    ///   - old: the thing as it is.
    /// - Throws: ``DeskError/planLimit(_:)``, or what `work` throws.
    func keepingToPlans<Result>(
        _ value: any Resource,
        _ id: String = "",
        insteadOf old: (any Resource)? = nil,
        _ work: () async throws -> Result
    ) async throws -> Result {
        let bounds = try await bounds(of: value, insteadOf: old)
        guard !bounds.isEmpty else { return try await work() }
        await turns.take()
        let result: Swift.Result<Result, any Error>
        do {
            for bound in bounds { try await check(bound, Swift.type(of: value).kind, id) }
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        await turns.leave()
        return try result.get()
    }

    /// How many things of a kind an organization may have.
    private struct Bound {
        let organization: String
        let plan: String
        let most: Int64
    }

    /// Those of the organizations into which the thing comes.
    private func bounds(of value: any Resource, insteadOf old: (any Resource)?) async throws -> [Bound] {
        let kind = Swift.type(of: value).kind
        guard types.contains(where: { $0.kind == .plan }), [.key, .project, .user].contains(kind) else { return [] }
        let book = try await book()
        // A key that has expired counts nowhere: who gives it more time makes one.
        let hasExpired = (old as? KeyTerms)?.expiresAt.map { $0 <= clock.now() } ?? false
        let before = old.flatMap { hasExpired ? nil : Self.organizations(of: $0, in: book) } ?? []
        var bounds: [Bound] = []
        for organization in Self.organizations(of: value, in: book).subtracting(before).sorted() {
            guard let id = book.organizations[organization]?.plan,
                let plan = try await kept(.plan, id)?.value as? any Allowance, let most = plan.most(of: kind)
            else { continue }
            bounds.append(Bound(organization: organization, plan: plan.name, most: most))
        }
        return bounds
    }

    private func check(_ bound: Bound, _ kind: ResourceKind, _ id: String) async throws {
        let (book, now) = (try await book(), clock.now())
        let count: Int
        switch kind {
        case .key:
            count = try await keys.allKeys().count { key in
                key.id != id && key.revokedAt == nil && key.expiresAt.map { $0 > now } ?? true
                    && Self.organizations(of: KeyTerms(key), in: book).contains(bound.organization)
            }
        case .project:
            count = book.projects.count { project in
                project.key != id && Self.organizations(of: project.value, in: book).contains(bound.organization)
            }
        case .user:
            count = book.users.count { user in
                user.key != id && Self.organizations(of: user.value, in: book).contains(bound.organization)
            }
        default: return
        }
        guard count >= bound.most else { return }
        throw DeskError.planLimit(
            "The plan \(bound.plan) allows \(bound.most) \(kind.noun)s, and the organization \(bound.organization) has "
                + "\(count): \(kind == .key ? "revoke" : "remove") one, or put the organization on a larger plan."
        )
    }

    /// The organizations in which a key, project or user lies.
    private static func organizations(of value: any Resource, in book: TenantBook) -> Set<String> {
        let scopes: [Scope] =
            switch value {
            case let key as KeyTerms: [key.place]
            case let project as Project: [Scope(.team, project.team)]
            case let user as User: user.roles.map(\.scope)
            default: []
            }
        return Set(scopes.flatMap { book.lineage(of: $0) }.filter { $0.kind == .organization }.map(\.name))
    }
}

/// Lets one after the other do something.
actor Turns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits for the turn of whoever asks.
    func take() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Passes the turn on.
    func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
