import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

/// Files and batches that providers keep: each belongs to the key that made it, and no other key sees it.
extension Pipeline {
    /// Reads what is asked about a thing.
    func readThing(
        _ thing: KeptThing,
        _ request: RequestContext
    ) throws(GatewayError) -> Envelope {
        let inbound = request.inbound
        switch thing {
        case KeptThing(.file, .create):
            guard inbound.headers.isForm else {
                throw GatewayError(.unsupportedMediaType, "A file is sent as a form. Send multipart/form-data.")
            }
        case KeptThing(.batch, .create):
            let id = try readJSON(inbound.body) { json throws(GatewayError) in
                try RequestFields(json).require("input_file_id", "the id of the file with the requests")
                return json["input_file_id"]?.string
            }
            guard let id else {
                throw GatewayError(.invalidField, "\"input_file_id\" must be a string.", field: "input_file_id")
            }
            request.inputFile = id
        default:
            break
        }
        return Envelope(operation: inbound.operation, model: "", modelSpan: nil)
    }

    /// Finds the provider that a thing is at, or is to be made at.
    ///
    /// - Throws: `objectNotFound` when it is not this key's.
    nonisolated(nonsending) func whereabouts(
        of thing: KeptThing,
        _ request: RequestContext
    ) async throws(GatewayError) -> Plan {
        let directory = request.snapshot.directory
        switch thing.action {
        case .create where thing.kind == .batch:
            let file = try await own(request.inputFile, .file, request, field: "input_file_id")
            request.object = file
            try check(file.access, keeps: .batch, request)
            return try directory.passage(to: file.access, model: "")
        case .create:
            return try directory.passage(to: try keeper(of: thing, request), model: "")
        case .list:
            let access = try keeper(of: thing, request)
            try await prepareList(thing, at: access, request)
            return try directory.passage(to: access, model: "")
        case .read(let id), .content(let id), .cancel(let id), .delete(let id):
            let object = try await own(id, thing.kind, request)
            request.object = object
            return try directory.passage(to: object.access, model: "")
        }
    }

    /// Books whose the things are of which an answer tells, before the client hears of them.
    nonisolated(nonsending) func keep(
        _ course: any AnswerCourse,
        _ attempt: Attempt,
        _ request: RequestContext
    ) async throws(GatewayError) {
        guard let answer = course as? ThingAnswer, case .thing(let thing) = request.inbound.matter else { return }
        let access = attempt.deployment.access.name
        let (objects, key) = (context.services.objects, request.key?.id ?? "")
        do {
            if case .delete = thing.action, let object = request.object {
                _ = try await objects.delete(object)
                return
            }
            for noted in answer.noted {
                var object = OwnedObject(
                    id: noted.id,
                    kind: noted.kind,
                    access: access,
                    key: key,
                    createdAt: context.clock.now(),
                    expiresAt: noted.expiresAt
                )
                object.credential = attempt.credential?.digest
                try await objects.put(object)
            }
        } catch {
            throw GatewayError(
                .internalError,
                "The provider has done what was asked, but it could not be noted whose the \(thing.kind.rawValue) is. Try again."
            )
        }
    }

    /// The key's own thing.
    ///
    /// - Parameter field: where the request names it; nil for in its path.
    nonisolated(nonsending) func own(
        _ id: String,
        _ kind: OwnedObject.Kind,
        _ request: RequestContext,
        field: String? = nil
    ) async throws(GatewayError) -> OwnedObject {
        let found: OwnedObject?
        do {
            found = try await context.services.objects.object(id, kind, of: request.key?.id ?? "")
        } catch {
            throw Self.unreadable
        }
        // That another key's exists is nobody's business.
        guard let found, !found.hasExpired(at: context.clock.now()) else {
            throw Self.noSuch(kind, id, field: field)
        }
        return found
    }

    static func noSuch(_ kind: OwnedObject.Kind, _ id: String, field: String?) -> GatewayError {
        GatewayError(
            .objectNotFound,
            "There is no \(kind.rawValue) \"\(id.prefix(100))\" of this key.",
            field: field
        )
    }

    /// Asks the provider for as much as it gives at once, for others' things are left out of it.
    ///
    /// ``gathered(_:_:_:_:)`` goes on from there.
    private nonisolated(nonsending) func prepareList(
        _ thing: KeptThing,
        at access: String,
        _ request: RequestContext
    ) async throws(GatewayError) {
        var filter = ObjectFilter(key: request.key?.id ?? "", kind: thing.kind)
        filter.access = access
        filter.limit = Self.listLimit
        do {
            let now = context.clock.now()
            let own = try await context.services.objects.objects(filter).filter { !$0.hasExpired(at: now) }
            request.ownIDs = Set(own.map(\.id))
            let isNewestFirst = !request.inbound.query.split(separator: "&").contains("order=asc")
            request.oldestOwn = isNewestFirst ? own.last?.createdAt.advanced(by: .seconds(-3_600)) : nil
        } catch {
            throw Self.unreadable
        }
        let isAnthropic = request.snapshot.directory.accesses.first { $0.name == access }?.wire == .anthropic
        let greatest = isAnthropic ? 1_000 : thing.kind == .file ? 10_000 : 100
        let usual = isAnthropic || thing.kind == .batch ? 20 : greatest
        let asked = request.inbound.query.split(separator: "&")
        let wanted = asked.first { $0.hasPrefix("limit=") }.flatMap { Int($0.dropFirst("limit=".count)) }
        request.pageSize = min(greatest, max(1, wanted ?? usual))
        let others = asked.filter { !$0.hasPrefix("limit=") && !QueryKey.isKey($0) }
        request.thingQuery = (others.map(String.init) + ["limit=\(greatest)"]).joined(separator: "&")
    }

    /// The most things of a key that a list may tell of.
    private static let listLimit = 10_000

    private static let unreadable = GatewayError(
        .internalError,
        "Whose files and batches are whose cannot be read at the moment. Try again.",
        retryAfter: 1
    )
}
