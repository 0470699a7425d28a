package import SiraCore
import SiraJSON
import SiraPipeline
package import SiraRouting
import SiraSignals
package import SiraWire

/// Where a request would go by a configuration, and by what is known of health where a gateway runs.
package struct RoutePreview {
    private let world: World

    package init(_ world: World) {
        self.world = world
    }

    /// The plan for a request's body.
    ///
    /// - Parameters:
    ///   - body: JSON in the protocol's words.
    ///   - wire: the protocol of the client.
    ///   - model: in place of the one in the body, or where the protocol has it in the path.
    ///   - headers: those in which a client may state an objective.
    ///   - uptime: of the clock that health is measured by; 0 where nothing is known of it.
    /// - Throws: what the gateway would answer.
    package func plan(
        for body: [UInt8],
        in wire: WireProtocol,
        model: String?,
        headers: HeaderFields,
        at now: Timestamp,
        uptime: UInt64 = 0
    ) throws(GatewayError) -> Plan {
        let (dialect, path) = (Dialects.all[wire], PathFacts(model: model))
        let read = body.withUnsafeBytes { bytes in
            Result { () throws(GatewayError) in
                do {
                    return try JSONIndexer().read(bytes) { json in
                        Result { () throws(GatewayError) in
                            (
                                try dialect.envelope(of: json, operation: wire.conversation, path: path),
                                try dialect.client?.readCall(json, path: path)
                            )
                        }
                    }
                } catch {
                    throw GatewayError(.invalidJSON, "The body is not JSON: \(error).")
                }
            }
        }
        let (envelope, call) = try read.get().get()
        var question = RouteQuestion(
            model: model ?? envelope.model,
            operation: wire.conversation,
            now: now,
            uptime: uptime
        ) { call.map { RequestFacts(of: $0) } ?? RequestFacts() }
        question.headers = headers
        question.isStream = envelope.isStream
        question.promptTokens = body.count / 4
        var random = SystemRandomNumberGenerator()
        return try world.directory.plan(question, using: &random)
    }
}
