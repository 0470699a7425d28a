import SiraLimits
import SiraCore
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Finds out for whom a request is made, and whether it may come from where it comes.
    func attribute(_ request: RequestContext, from client: any ClientStream) throws(GatewayError) {
        if let key = request.key, !key.allowedAddresses.isEmpty {
            let address = client.peerAddress
            guard key.allowedAddresses.contains(where: { $0.contains(address) }) else {
                throw GatewayError(
                    .addressNotAllowed,
                    "The key \(key.name) may not be used from \(address.isEmpty ? "an unknown address" : address). Ask who "
                        + "runs the gateway to add the address to the key."
                )
            }
        }
        let (board, uptime, now) = (context.services.limits, context.clock.uptime(), request.inbound.startedAt)
        let account = context.accounts.account(of: request.key, in: context.tenants, board, uptime: uptime, now: now)
        request.standing = account.standing
        request.tags = account.standing.tags
        if let suspension = account.standing.suspension { throw GatewayError(.tenantSuspended, suspension) }
        request.user = try user(of: request)
        request.priority = try priority(of: request)
        request.patience = try patience(of: request)
        // Tags that a client adds are for reports: the limits and budgets of a tag are those of its keys' owners.
        try addTags(to: request)
        var scopes: [Scope] = []
        if !request.user.isEmpty, request.user != "*", board.counts(.user) { scopes.append(Scope(.user, request.user)) }
        request.meters =
            scopes.isEmpty
            ? account.meters : account.meters.joined(with: board.meters(for: scopes, uptime: uptime, now: now))
    }

    /// The end user: as a header says, else as the body does.
    private func user(of request: RequestContext) throws(GatewayError) -> String {
        let user = request.inbound.headers["x-sira-user"] ?? request.hints.user
        guard !user.holdsControls else {
            throw GatewayError(.invalidField, "The end user's name holds a control character.", field: "user")
        }
        return user.cut(toBytes: 256)
    }

    /// Adds the tags of a header to those of key and tenants.
    private func addTags(to request: RequestContext) throws(GatewayError) {
        guard let header = request.inbound.headers["x-sira-tags"] else { return }
        for piece in header.split(separator: ",") {
            let tag = String(String(piece.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
            guard !tag.isEmpty, !request.tags.contains(tag) else { continue }
            guard !tag.contains(":"), tag != "*", tag.utf8.count <= APIKey.tagBytes, !tag.holdsControls else {
                throw GatewayError(
                    .invalidField,
                    "The header x-sira-tags holds words with commas between them, without colons.",
                    field: "x-sira-tags"
                )
            }
            request.tags.append(tag)
        }
        guard request.tags.count <= APIKey.tagLimit else {
            throw GatewayError(
                .invalidField,
                "A request has at most \(APIKey.tagLimit) tags, those of its key included.",
                field: "x-sira-tags"
            )
        }
    }

    /// How long a header would have the request wait for its turn at most.
    private func patience(of request: RequestContext) throws(GatewayError) -> Duration? {
        guard let text = request.inbound.headers["x-sira-max-wait-ms"] else { return nil }
        guard let wanted = Int64(text), (0...86_400_000).contains(wanted) else {
            throw GatewayError(
                .invalidField,
                "The header x-sira-max-wait-ms must be a whole number of milliseconds, up to a day.",
                field: "x-sira-max-wait-ms"
            )
        }
        return .milliseconds(wanted)
    }

    /// The priority that a header asks for, up to the key's own.
    private func priority(of request: RequestContext) throws(GatewayError) -> RequestPriority {
        let most = request.key?.priority ?? .interactive
        guard let word = request.inbound.headers["x-sira-priority"] else { return most }
        guard let wanted = RequestPriority(label: word.lowercased()) else {
            let words = RequestPriority.allCases.map(\.label).joined(separator: ", ")
            throw GatewayError(
                .invalidField,
                "The header x-sira-priority must be one of \(words).",
                field: "x-sira-priority"
            )
        }
        return min(wanted, most)
    }
}

extension String {
    /// The text, or its beginning of at most so many bytes, cut between two characters.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var text = ""
        for character in self {
            guard text.utf8.count + character.utf8.count <= limit else { break }
            text.append(character)
        }
        return text
    }
}
