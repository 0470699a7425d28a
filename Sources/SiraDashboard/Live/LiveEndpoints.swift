import NIOCore
package import SiraAdmin
import SiraCore
package import SiraStorage
import SiraTenancy

/// What is shown as it happens.
package struct LiveEndpoints: Sendable {
    private let hub: LiveHub
    private let desk: ResourceDesk

    package init(_ hub: LiveHub, desk: ResourceDesk) {
        self.hub = hub
        self.desk = desk
    }

    package var all: [Endpoint] { [pulse, stream] }

    private static let permission = Permission(.usage, .read)
    /// Seconds between two looks at whether somebody may still read, and between two signs of life.
    private static let watch: Int64 = 15

    private static let scopes = ["organization", "team", "project"].map {
        EndpointParameter($0, .text(length: 1...300, format: nil), "Only what this \($0) asks for.")
    }

    private var pulse: Endpoint {
        Endpoint(
            .get,
            "/pulse",
            name: "get_pulse",
            tag: "live",
            "Tell of the last seconds, one by one",
            access: .holder(Self.permission),
            answer: .object([
                ("t0", JSONSchema.integer().orNull.described("The first second, since 1970.")),
                ("step", .integer()),
                ("columns", .map(of: .list(JSONSchema.number.orNull))),
                ("scope", .list(.text())),
            ])
        ) { request in
            let seconds = request.query["seconds"].flatMap { Int($0) } ?? 900
            return EndpointReply(await hub.pulse(try await reach(of: request), seconds: seconds))
        }.with {
            $0.details = """
                Kept in memory for an hour. Of a part of the gateway seconds are there from when it was first asked \
                for. Times are milliseconds; null is not known, or of nothing.
                """
            $0.parameters =
                [
                    EndpointParameter(
                        "seconds",
                        .integer(1...Int64(PulseTrack.length)),
                        "How many seconds back; 900."
                    )
                ] + Self.scopes
        }
    }

    private var stream: Endpoint {
        Endpoint(
            .get,
            "/stream",
            name: "stream",
            tag: "live",
            "Tell of each second, of requests as they end, and of alerts",
            access: .holder(Self.permission),
            answer: JSONSchema.anything.described("Server-sent events.")
        ) { request in
            let reach = try await reach(of: request)
            let seesAlerts = request.author.authority.allows(Permission(.alerts, .read), in: [.gateway])
            let topics = try Topics(request.query["topics"] ?? "pulse,requests,alerts", seesAlerts: seesAlerts)
            let last = request.lastEventID.flatMap { Int64($0) }
            guard let reading = await hub.read(reach, after: last) else {
                throw EndpointError(429, "too_many_streams", "\(LiveHub.readerLimit) streams are open already.")
            }
            let stream = EndpointStream(patience: .seconds(10)) { writer in
                do {
                    try await send(reading, topics, reach, request, writer)
                } catch {
                    await hub.stop(reading.reader)
                    throw error
                }
                await hub.stop(reading.reader)
            }
            return EndpointReply("text/event-stream; charset=utf-8", stream)
        }.with {
            $0.answerTypes = ["text/event-stream"]
            $0.details = """
                `tick` comes each second with the columns of `/pulse`; `rows` with the newest requests of the second, \
                at most 20, and how many were `skipped`; `alert` when what fires changes; `config` when the \
                configuration does. `Last-Event-ID` goes on after that second, at most a minute back. Who reads too \
                slowly is told of the newest alone, and cut off where a piece takes more than 10 seconds. A stream \
                ends when who reads it may no longer. At most 50 are open at a time.
                """
            $0.parameters =
                [
                    EndpointParameter(
                        "topics",
                        .text(length: 1...100, format: nil),
                        "Any of pulse, requests and alerts with commas between; all of them."
                    )
                ] + Self.scopes
        }
    }

    /// Sends what comes until the client is gone or may no longer read.
    private func send(
        _ reading: LiveReading,
        _ topics: Topics,
        _ reach: RequestReach,
        _ request: EndpointRequest,
        _ writer: EndpointWriter
    ) async throws {
        var piece = ByteBuffer(string: "retry: 2000\n\n")
        for chunk in reading.missed { topics.write(chunk, to: &piece) }
        try await writer.write(piece)
        var looked: Int64?
        for await chunk in reading.chunks {
            piece.clear()
            topics.write(chunk, to: &piece)
            if chunk.second >= (looked ?? chunk.second) + Self.watch {
                guard await mayStillRead(reach, request) else {
                    return try await writer.write(.event("end", Array(#"{"reason":"not_allowed"}"#.utf8)))
                }
                piece.writeString(": hb\n\n")
                looked = chunk.second
            }
            if looked == nil { looked = chunk.second }
            if piece.readableBytes > 0 { try await writer.write(piece) }
        }
    }

    /// Whether the one who asked may see the same as at the beginning.
    private func mayStillRead(_ reach: RequestReach, _ request: EndpointRequest) async -> Bool {
        guard let author = await request.recheck() else { return false }
        var again = request
        again.author = author
        let now = try? await self.reach(of: again)
        return now == reach
    }

    /// What the caller may see of what is asked for.
    private func reach(of request: EndpointRequest) async throws -> RequestReach {
        let asked = [Scope.Kind.organization, .team, .project].compactMap { kind in
            request.query[kind.rawValue].map { Scope(kind, $0) }
        }
        guard let narrowest = asked.last else { return RequestReach(of: request.author, Self.permission) }
        // The narrowest by itself: who sees another of the places need not see this one.
        guard let place = try await desk.reach(of: request.author, Self.permission, within: [narrowest]) else {
            throw EndpointError(403, "forbidden", "This needs the permission \(Self.permission) there.")
        }
        // What a team did before it came to where the author sees it stays out.
        let bounds = Set(asked + [place]).subtracting([narrowest, .gateway])
        return RequestReach(places: [narrowest], within: bounds)
    }
}

/// What a stream is to tell of.
private struct Topics: Sendable {
    var (pulse, requests, alerts) = (false, false, false)
    /// Whether what fires may be told.
    let seesAlerts: Bool

    /// Writes what of it is wanted; the last event says where to go on.
    func write(_ chunk: LiveChunk, to piece: inout ByteBuffer) {
        let parts = [
            pulse ? chunk.tick : nil, requests ? chunk.rows : nil, alerts && seesAlerts ? chunk.alert : nil,
            alerts ? chunk.other : nil,
        ]
        let events = parts.compactMap { $0 }
        for (index, event) in events.enumerated() {
            if index == events.count - 1 { piece.writeString("id: \(chunk.second)\n") }
            piece.writeImmutableBuffer(event)
        }
    }

    init(_ text: String, seesAlerts: Bool) throws(EndpointError) {
        self.seesAlerts = seesAlerts
        for word in text.split(separator: ",") {
            switch word {
            case "pulse": pulse = true
            case "requests": requests = true
            case "alerts", "config": alerts = true
            default:
                throw EndpointError(400, "invalid_query", "topics: \(word) is none of pulse, requests, alerts.")
            }
        }
    }
}
