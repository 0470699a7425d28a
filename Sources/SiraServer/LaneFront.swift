import NIOCore
package import SiraCore
package import SiraPipeline
import SiraLedger
import SiraTelemetry
package import SiraTenancy
import SiraWire
import Synchronization

/// A request as the connection read it, before anyone asked what it wants.
struct IncomingRequest {
    var method: String
    var target: String
    var headers: HeaderFields
    var body: ByteBuffer
    /// The body, where it is passed on while it arrives.
    var source: ArrivingBody?
    /// When its first byte arrived, of ``GatewayClock/uptime``.
    var arrived: UInt64

    init(method: String, target: String, headers: HeaderFields, body: ByteBuffer, arrived: UInt64) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.arrived = arrived
        // Clients of Gemini's protocol may say who they are in the query.
        if headers["x-goog-api-key"] == nil, let key = QueryKey.value(in: target) {
            self.headers.append("x-goog-api-key", key)
        }
    }
}

/// A client connection as its lane sees it.
protocol LaneConnection: AnyObject {
    /// The connection's place in the lane's list.
    var slot: Int { get set }
    func checkDeadlines(now: UInt64)
    /// No more requests after the one that is being answered.
    func drain()
    func close()
}

/// What connections of one lane have in common: the pipeline, the limits, the end of the turn.
///
/// Confined to its event loop.
package final class LaneFront {
    let settings: ServerSettings
    let clock: GatewayClock
    let lane: Lane
    let pipeline: Pipeline
    private let openConnections: ConnectionCount
    private let bodies: BodyBudget
    private var connections: [any LaneConnection] = []
    private var sweep = Sweep()
    private(set) var isDraining = false

    package init(
        lane: Lane,
        settings: ServerSettings,
        pipeline: Pipeline,
        connectionCount: ConnectionCount,
        bodyBudget: BodyBudget = BodyBudget(),
        clock: GatewayClock
    ) {
        self.lane = lane
        self.settings = settings
        self.pipeline = pipeline
        openConnections = connectionCount
        bodies = bodyBudget
        self.clock = clock
    }

    // MARK: requests

    /// Finds out what the request wants and sees to it that it gets an answer.
    func answer(_ request: IncomingRequest, to client: any ClientStream) {
        if let fields = settings.cors?.preflight(method: request.method, request.headers) {
            client.sendHead(status: 204, headers: fields, bodyLength: 0)
            client.sendEnd()
            return pipeline.context.flushAtEndOfTurn(client)
        }
        if let target = SessionTarget(request.target) { return converse(request, target, with: client) }
        do throws(GatewayError) {
            switch try Router.route(method: request.method, target: request.target) {
            case .proxied(let operation, let path): proxy(request, operation, path, to: client)
            case .passed(let passage): proxy(request, .passthrough, matter: .passage(passage), to: client)
            case .kept(let thing): proxy(request, thing.operation, matter: .thing(thing), to: client)
            case .models(let query): read(request, to: client) { await $0.tellModels(query, $1, to: $2) }
            case .response(let asked): read(request, to: client) { await $0.serve(asked, $1, to: $2) }
            case .request(let id): read(request, to: client) { await $0.describeRequest(id, $1, to: $2) }
            case .feedback:
                let body = request.body
                read(request, to: client) { await $0.takeFeedback(body, $1, to: $2) }
            case .live: pipeline.sayLive(to: client)
            case .ready: pipeline.sayReady(isDraining: isDraining, to: client)
            }
        } catch {
            refuse(error, target: request.target, headers: request.headers, to: client)
        }
    }

    /// Answers a request that never became one.
    func refuse(
        _ error: GatewayError,
        target: String,
        headers: HeaderFields = HeaderFields(),
        to client: any ClientStream
    ) {
        var name = Router.errorProtocol(target: target)
        // Files are at the same path in both protocols; the clients of one of them say its version.
        if name == .openai, headers["anthropic-version"] != nil { name = .anthropic }
        pipeline.refuseUnread(error, as: name, extra: extraFields(headers), to: client)
    }

    private func proxy(
        _ request: IncomingRequest,
        _ operation: Operation,
        _ path: PathFacts = PathFacts(),
        matter: Matter = .call,
        to client: any ClientStream
    ) {
        let inbound = inbound(request, operation, path, matter)
        let job = NIOLoopBound((pipeline, inbound, client), eventLoop: lane.loop)
        lane.start { _ in
            let (pipeline, inbound, client) = job.value
            await pipeline.run(inbound, to: client)
        }
    }

    private func inbound(
        _ request: IncomingRequest,
        _ operation: Operation,
        _ path: PathFacts,
        _ matter: Matter = .call
    ) -> Inbound {
        Inbound(
            operation: operation,
            path: path,
            matter: matter,
            method: request.method,
            query: matter.isThing ? String(request.target.drop { $0 != "?" }.dropFirst()) : "",
            headers: request.headers,
            body: request.body,
            source: request.source,
            startedAt: clock.now(),
            startedUptime: request.arrived,
            extraFields: extraFields(request.headers)
        )
    }

    private func read(
        _ request: IncomingRequest,
        to client: any ClientStream,
        _ body: @escaping @Sendable (Pipeline, HeaderFields, any ClientStream) async -> Void
    ) {
        let job = NIOLoopBound((pipeline, request.headers, client), eventLoop: lane.loop)
        lane.start { _ in
            let (pipeline, headers, client) = job.value
            await body(pipeline, headers, client)
        }
    }

    func extraFields(_ headers: HeaderFields) -> [HeaderFields.Field] {
        settings.cors?.fields(for: headers) ?? []
    }

    /// Has what a client was sent leave at the end of this turn, after the journal's lines.
    func flushAtEndOfTurn(_ client: any ClientStream) {
        pipeline.context.flushAtEndOfTurn(client)
    }

    /// Calls `action` when everything that is happening in this turn of the event loop has happened.
    func afterTurn(_ action: @escaping () -> Void) {
        pipeline.context.afterTurn(action)
    }

    // MARK: bodies that take a while to arrive

    /// Whether the request's body is passed on while it arrives, rather than read first.
    func passesBody(method: String, target: String, _ headers: HeaderFields) -> Bool {
        guard Router.mayPassBody(target), let route = try? Router.route(method: method, target: target) else {
            return false
        }
        return switch route {
        case .proxied(let operation, _): operation.takesForms && headers.isForm
        case .passed: !headers.isJSON
        case .kept(let thing): thing.isUpload && headers.isForm
        default: false
        }
    }

    /// Why the rest of a body is not worth reading; nil when it is, or when nobody can tell yet.
    ///
    /// Asked once of a request whose body has not come in one go, so that strangers cannot fill the memory. What is
    /// found here would be found later too; other reasons are left to the pipeline.
    func refusalBeforeBody(_ request: IncomingRequest) -> GatewayError? {
        guard settings.cors?.preflight(method: request.method, request.headers) == nil else { return nil }
        do throws(GatewayError) {
            switch try Router.route(method: request.method, target: request.target) {
            case .live, .ready: return nil
            case .proxied, .passed, .kept, .models, .response, .request, .feedback:
                return pipeline.refusalOfStranger(request.headers)
            }
        } catch {
            return error
        }
    }

    /// Answers a request of which ``refusalBeforeBody(_:)`` said so.
    func refuseBeforeBody(_ error: GatewayError, _ request: IncomingRequest, to client: any ClientStream) {
        guard
            case .proxied(let operation, let path)? = try? Router.route(method: request.method, target: request.target)
        else {
            return refuse(error, target: request.target, headers: request.headers, to: client)
        }
        pipeline.refuse(error, inbound(request, operation, path), to: client)
    }

    /// - Returns: false when bodies already take as much memory as they may.
    func takeRoom(_ bytes: Int) -> Bool {
        bodies.take(bytes, limit: max(settings.limits.heldBodyBytes, settings.limits.bodyBytes))
    }

    func giveRoom(_ bytes: Int) {
        bodies.give(bytes)
    }

    // MARK: connections

    func register(_ connection: any LaneConnection) {
        connection.slot = connections.count
        connections.append(connection)
        pipeline.context.metrics.connectionOpened()
        if openConnections.add(1) > settings.limits.connections { connection.close() }
    }

    /// Puts a connection into the place of one that it goes on with.
    func replace(_ connection: any LaneConnection, with successor: any LaneConnection) {
        guard connection.slot >= 0 else { return }
        connections[connection.slot] = successor
        successor.slot = connection.slot
        connection.slot = -1
    }

    func unregister(_ connection: any LaneConnection) {
        guard connection.slot >= 0, let last = connections.popLast() else { return }
        if last !== connection {
            connections[connection.slot] = last
            last.slot = connection.slot
        }
        connection.slot = -1
        pipeline.context.metrics.connectionClosed()
        openConnections.add(-1)
    }

    /// Looks after everything that has a time limit.
    ///
    /// Called a few times a second.
    package func tick() {
        let now = clock.uptime()
        for connection in connections[sweep.next(of: connections.count)] { connection.checkDeadlines(now: now) }
        pipeline.context.tick()
    }

    /// Finishes the requests that are running and takes no others.
    package func drain() {
        isDraining = true
        pipeline.context.isDraining = true
        for connection in connections { connection.drain() }
    }

    /// Whether requests are still being answered.
    package var isBusy: Bool { pipeline.context.runningRequests > 0 || !connections.isEmpty }

    /// Whether there are requests that have not been booked yet.
    package var isAnswering: Bool { pipeline.context.runningRequests > 0 }

    /// Closes whatever is still open.
    ///
    /// The requests end soon after, and book what they have used until then.
    package func closeConnections() {
        for connection in connections { connection.close() }
    }

    /// Closes the lane's end of the journal.
    ///
    /// - Returns: how many records could not be written.
    package func closeJournal() -> Int {
        pipeline.context.close()
    }

    /// What requests are decided by from now on.
    package func adopt(_ snapshot: Snapshot) {
        pipeline.context.snapshot = snapshot
    }

    /// The keys that are known from now on.
    package func adopt(_ keys: KeyRing) {
        pipeline.context.keys = keys
    }

    /// The tenants that are known from now on.
    package func adopt(_ tenants: TenantBook) {
        pipeline.context.tenants = tenants
    }

    // MARK: what cannot be read

    var bodyTooLarge: GatewayError {
        let limit = settings.limits.bodyBytes
        return GatewayError(
            .bodyTooLarge,
            "The request's body is larger than \(limit) bytes. Send less, or raise server.limits.body_bytes."
        )
    }

    var streamTooLarge: GatewayError {
        let limit = settings.limits.streamBodyBytes
        return GatewayError(
            .bodyTooLarge,
            "The request's body is larger than \(limit) bytes. Send less, or raise server.limits.stream_body_bytes."
        )
    }

    var noRoomForBody: GatewayError {
        GatewayError(.overloaded, "The gateway holds too many large requests at once. Try again.", retryAfter: 1)
    }

    var headTooLarge: GatewayError {
        let limit = settings.limits.headerBytes
        return GatewayError(
            .headerTooLarge,
            "The request's header is larger than \(limit) bytes. Send less, or raise server.limits.header_bytes."
        )
    }

    var requestTooSlow: GatewayError {
        let limit = settings.limits.requestTime
        return GatewayError(.requestTimeout, "The request did not arrive whole within \(limit). Send it faster.")
    }
}

/// Open connections over all lanes.
package final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    /// - Returns: the count afterwards.
    @discardableResult
    func add(_ change: Int) -> Int {
        count.add(change, ordering: .relaxed).newValue
    }
}
