import NIOCore
import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraTelemetry
package import SiraWire

/// Asking deployments that are left alone whether they work again.
extension Pipeline {
    /// Asks each deployment that is ill and has had no requests for a while.
    ///
    /// What is asked for is a list of models, which costs nothing. It shows that the provider can be reached, is not failing
    /// as a whole and takes the key; whether it answers requests is tried by the first few that are let through after it.
    func probeIll() {
        let now = context.clock.uptime()
        for health in context.health.deployments()
        where health.wantsProbe(at: now) && !context.probed.contains(health.id) {
            guard let access = context.snapshot.directory.accesses.first(where: { $0.name == health.access.name })
            else {
                continue
            }
            context.probed.insert(health.id)
            context.scheduler.spawn { [self] in
                await probe(access, health)
                context.probed.remove(health.id)
            }
        }
    }

    private nonisolated(nonsending) func probe(_ access: ProviderAccess, _ health: DeploymentHealth) async {
        // A key that is refused says nothing of the others.
        for key in 0..<max(1, access.credentials.count) where await answers(access, key: key) {
            context.metrics.probeEnded(succeeded: true)
            return health.noteProbe(succeeded: true, key: key, at: context.clock.uptime())
        }
        context.metrics.probeEnded(succeeded: false)
        health.noteProbe(succeeded: false, at: context.clock.uptime())
    }

    /// Whether the provider gives a list, or at least says that it has none.
    private nonisolated(nonsending) func answers(_ access: ProviderAccess, key: Int) async -> Bool {
        var fields = access.headers
        if fields["user-agent"] == nil { fields.append("user-agent", "sira") }
        if access.wire == .anthropic, fields["anthropic-version"] == nil {
            fields.append("anthropic-version", "2023-06-01")
        }
        if access.credentials.indices.contains(key) {
            fields.append(access.credentials[key].name, access.credentials[key].value.reveal())
        }
        var timeouts = access.timeouts
        timeouts.firstByte = min(timeouts.firstByte, .seconds(10))
        timeouts.total = min(timeouts.total, .seconds(20))
        var request = UpstreamRequest(
            endpoint: access.baseURL.endpoint,
            method: "GET",
            path: access.baseURL.pathPrefix + access.wire.modelsPath,
            headers: fields,
            body: ByteBuffer(),
            timeouts: timeouts,
            proxy: access.proxy
        )
        request.provider = access.name
        request.addressGuard = access.addressGuard
        let abort = AbortSignal()
        do throws(GatewayError) {
            if let signer = access.signer {
                try await signer.sign(&request, at: context.clock.now(), through: context.transport)
            }
            let answer = try await context.transport.send(request, abort: abort)
            // Read to its end, so that the connection can be used again.
            _ = await BodyCollector(limit: 4_000_000).collect(answer, abort: abort)
            return answer.status < 500 && ![401, 402, 403, 429].contains(answer.status)
        } catch {
            return false
        }
    }
}

extension WireProtocol {
    /// Where providers of the protocol list their models.
    package var modelsPath: String {
        switch self {
        case .openai, .responses: "/models"
        case .anthropic, .cohere: "/v1/models"
        case .gemini: "/v1beta/models"
        case .ollama: "/api/tags"
        // Models are listed by another service of Amazon's; that this one says it has none shows that it is there.
        case .bedrock: "/"
        }
    }
}
