import SiraCore
import SiraTenancy

extension ResourceDesk {
    /// Refuses what the author may not do to a thing, as it is or as it is to be.
    func check(_ value: any Resource, _ id: String, _ type: ResourceType, _ author: Author) async throws {
        let place = type.place(value, id)
        let permission = Permission(type.kind.area, .write)
        guard author.authority.allows(permission, in: try await changers(of: place)) else {
            let rule = place.isSetFromAbove ? " What binds a tenant is set from above it." : ""
            throw DeskError.forbidden("This needs \(permission) where the \(type.kind.noun) is.\(rule)")
        }
        try await checkGrants(in: value, author)
        if let budget = value as? Budget, try await book().dollars(for: budget.amount, in: budget.currency) == nil {
            throw DeskError.invalid(
                FieldProblems([
                    FieldProblem("currency", "there is no exchange rate for \(budget.currency); make one first")
                ])
            )
        }
    }

    /// What an organization pays, and how, is for those who see to the gateway's money.
    ///
    /// - Parameter old: as it is; nil for a new one.
    func checkPayment(_ value: any Resource, was old: (any Resource)?, _ author: Author) throws {
        guard let new = value as? Organization else { return }
        let old = old as? Organization ?? Organization()
        guard new.plan != old.plan || new.isPrepaid != old.isPrepaid || new.currency != old.currency else { return }
        let permission = Permission(.billing, .write)
        guard author.authority.allows(permission, in: [.gateway]) else {
            throw DeskError.forbidden("Plan, prepayment and currency need \(permission) for the gateway as a whole.")
        }
    }

    /// Nobody gives, takes or changes what is more than they have themselves.
    func checkGrants(in value: any Resource, _ author: Author) async throws {
        let book = try await book()
        let granted: Authority
        switch value {
        case let user as User: granted = Authority(user.roles, roles: book.roles)
        case let account as ServiceAccount: granted = Authority(account.roles, roles: book.roles)
        case let role as CustomRole:
            guard role.permissions.allSatisfy({ author.authority.allows($0, in: [.gateway]) }) else {
                throw DeskError.forbidden(
                    "A role with permissions that you do not have yourself is not yours to change."
                )
            }
            return
        default: return
        }
        guard author.authority.covers(granted, lineage: book.lineage) else {
            throw DeskError.forbidden("Somebody who may do more than you do is not yours to make or change.")
        }
    }

    /// A rate goes only as long as no budget needs it.
    func checkRemoval(of rate: ExchangeRate) async throws {
        var query = ResourceQuery(.exchangeRate)
        query.fields = ["currency": rate.currency]
        let now = clock.now()
        let others = try await resources.page(query).compactMap { try kept($0).value as? ExchangeRate }
        guard !others.contains(where: { $0 != rate && $0.date <= now }) else { return }
        query.kind = .budget
        query.limit = 1
        guard let budget = try await resources.page(query).first else { return }
        throw DeskError.inUse(by: ResourceReference(kind: .budget, id: budget.id))
    }

    // MARK: places

    /// The tenants whose roles see a thing.
    func viewers(of place: ResourcePlace) async throws -> [Scope] { try await lineage(of: place.seen) }

    /// The tenants whose roles change it.
    func changers(of place: ResourcePlace) async throws -> [Scope] {
        let lineage = try await lineage(of: place.changed)
        return place.isSetFromAbove && lineage.count > 1 ? Array(lineage.dropFirst()) : lineage
    }

    /// What all of these lie in, the narrowest first.
    private func lineage(of scopes: [Scope]) async throws -> [Scope] {
        let book = try await book()
        var common: [Scope]?
        for scope in scopes {
            var lineage = book.lineage(of: scope)
            if scope.kind == .key, let key = try await keys.key(scope.name) {
                lineage = [scope] + book.lineage(of: KeyTerms(key).place)
            }
            common = common.map { $0.filter(lineage.contains) } ?? lineage
        }
        return common ?? [.gateway]
    }
}

extension Author {
    /// Whether a thing is there as far as the author is concerned.
    func sees(_ kept: KeptResource, _ desk: ResourceDesk) async throws -> Bool {
        let kind = type(of: kept.value).kind
        let permission = Permission(kind.area, .read)
        if authority.allows(permission, in: [.gateway]) { return true }
        guard authority.holds(permission) else { return false }
        let place = try desk.type(of: kind).place(kept.value, kept.id)
        return authority.allows(permission, in: try await desk.viewers(of: place))
    }
}
