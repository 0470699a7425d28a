import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

extension Pipeline {
    /// Tells the plan of a request that is not to be sent: what would be asked, in which order, and why.
    func tell(_ plan: Plan, _ request: RequestContext, _ client: any ClientStream) {
        client.abort.disarm()
        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.member("object", "route_plan")
            $0.object("decision") { plan.decision.writeMembers(to: &$0) }
            $0.array("fallbacks") { list in
                for candidate in plan.fallbacks.general { list.element(candidate.deployment.id) }
            }
            $0.object("resilience") { plan.resilience.write(to: &$0) }
        }
        var fields = HeaderFields(request.inbound.extraFields)
        fields.append("x-sira-request-id", request.id.description)
        fields.append("content-type", "application/json")
        client.sendHead(status: 200, headers: fields, bodyLength: json.bytes.count)
        client.sendBody(ByteBuffer(bytes: json.bytes))
        client.sendEnd()
        context.flushAtEndOfTurn(client)
        var record = request.record(of: nil, now: context.clock.uptime())
        request.price(&record, .nothing, prices: nil)
        report(record, nil, request)
    }
}

extension Inbound {
    /// Whether the client wants to know where its request would go, and no answer to it.
    var isDryRun: Bool {
        guard let word = headers["x-sira-dry-run"]?.lowercased(), case .call = matter else { return false }
        return !["", "0", "false", "no", "off"].contains(word)
    }
}

extension ResiliencePolicy {
    /// Writes the members of an object.
    fileprivate func write(to json: inout JSONWriter) {
        json.member("attempts", retry.attempts)
        json.member("attempts_per_deployment", retry.attemptsPerDeployment)
        json.member("parallel", parallel)
        json.member("hedge", hedge != nil)
        json.member("continues_streams", continuesStreams)
        if let deadline { json.member("deadline_ms", Int(deadline.wholeMicroseconds / 1_000)) }
    }
}
