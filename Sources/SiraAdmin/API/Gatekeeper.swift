import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SiraCore
import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// Finds out who asks, and refuses who may not.
struct Gatekeeper: Sendable {
    private let desk: ResourceDesk
    private let audit: any AuditStore
    private let access: AdminAccess
    private let clock: GatewayClock
    private let identity: Identity?
    private let failures: FailedAttempts
    private let remarks: RefusalRemarks

    /// - Parameter failures: wrong admin tokens, wherever they were shown.
    init(source: AdminAPISource, access: AdminAccess, failures: FailedAttempts) {
        desk = source.desk
        audit = source.audit
        clock = source.clock
        identity = source.identity
        self.access = access
        self.failures = failures
        remarks = RefusalRemarks(clock: source.clock)
    }

    /// Who asks, when they may ask this.
    func author(of request: Request, _ context: AdminContext, _ access: Endpoint.Access) async throws -> Author {
        let address = context.remoteAddress?.ipAddress ?? ""
        guard access != .open else { return Author(actor: "anyone", address: address, authority: .none) }
        var author = try await author(of: request, context)
        author.address = address
        try Self.check(author, access)
        return author
    }

    /// Refuses who may not ask this, as far as that can be told before it is looked at what it is about.
    static func check(_ author: Author, _ access: Endpoint.Access) throws(EndpointError) {
        let (permission, isAllowed): (Permission, Bool)
        switch access {
        case .open, .anyone: return
        case .holder(let needed): (permission, isAllowed) = (needed, author.authority.holds(needed))
        case .gateway(let needed):
            (permission, isAllowed) = (needed, author.authority.allows(needed, in: [.gateway]))
        }
        guard isAllowed else { throw EndpointError(403, "forbidden", "This needs the permission \(permission).") }
    }

    /// Who is signed in with the session that a browser shows; nil where it shows none that is honoured.
    ///
    /// A token goes before the cookie. What changes something needs a header that no page of another site can send
    /// without being asked first whether it may.
    func visitor(_ request: Request, _ context: AdminContext) async throws -> Author? {
        guard let identity, request.headers[.authorization] == nil,
            let text = Caller(request, context, access).session,
            let author = try await identity.author(showing: text.reveal())
        else { return nil }
        let isChange = request.method != .get && request.method != .head
        guard !isChange || Self.consoleHeader.flatMap({ request.headers[$0] }) == "1" else {
            throw EndpointError(403, "console_header_missing", "With a session send the header X-Sira-Console: 1.")
        }
        return author
    }

    private static let consoleHeader = HTTPField.Name("X-Sira-Console")

    /// Whether somebody can sign in, so that nobody gets in without.
    var isClosed: Bool { identity?.isClosed ?? false }

    private func author(of request: Request, _ context: AdminContext) async throws -> Author {
        let (address, logger) = (context.remoteAddress?.ipAddress ?? "", context.logger)
        if let visitor = try await visitor(request, context) { return visitor }
        let header = request.headers[.authorization]
        let bearer = header.flatMap(Self.bearer)
        // Tokens of people are beyond guessing: no number of failures from an address keeps them out, and a job that
        // goes on showing a revoked one keeps nobody else out.
        if let bearer, TokenText.fingerprint(of: bearer) != nil {
            if let author = try await desk.author(showing: bearer) { return author }
            await remark(address, logger)
            throw Self.unauthorized
        }
        if let wait = failures.wait(address) { throw Self.tooMany(wait) }
        if let token = access.token {
            if token.accepts(header) { return Author(actor: "token:admin", authority: .owner) }
            guard header != nil else { throw Self.unauthorized }
            throw await refusal(address, logger)
        }
        // Without a token in the configuration the surface is for this machine alone, and open to it until somebody can
        // sign in.
        guard !isClosed else {
            guard header != nil else { throw Self.unauthorized }
            throw await refusal(address, logger)
        }
        guard bearer?.hasPrefix(TokenText.prefix) != true else { throw await refusal(address, logger) }
        return Author(actor: "local", authority: .owner)
    }

    static func bearer(_ header: String) -> String? {
        let scheme = "bearer "
        guard header.utf8.count > scheme.utf8.count, header.prefix(scheme.count).lowercased() == scheme else {
            return nil
        }
        return String(header.dropFirst(scheme.count))
    }

    private static let unauthorized = EndpointError(
        401,
        "unauthorized",
        "Sign in, or send the admin token, or the token of a user or service account, as a bearer token."
    )

    static func tooMany(_ seconds: Int) -> EndpointError {
        var error = EndpointError(429, "too_many_attempts", "Too many wrong tokens came from your address; wait.")
        error.retryAfter = seconds
        return error
    }

    /// Counts a wrong admin token.
    private func refusal(_ address: String, _ logger: Logger) async -> EndpointError {
        let wait = failures.count(address)
        await remark(address, logger)
        return wait.map(Self.tooMany) ?? Self.unauthorized
    }

    /// Writes a line about wrong tokens into the trail, now and then.
    private func remark(_ address: String, _ logger: Logger) async {
        guard let count = remarks.take() else { return }
        var changes = JSONWriter()
        changes.object { json in
            json.array("attempts") {
                $0.null()
                $0.element(count)
            }
        }
        let entry = AuditEntry(
            at: clock.now(),
            actor: "unknown",
            address: address,
            action: "auth.refused",
            subject: "admin",
            changes: changes.bytes
        )
        do {
            try await audit.append(entry)
        } catch {
            logger.error("a refusal could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
