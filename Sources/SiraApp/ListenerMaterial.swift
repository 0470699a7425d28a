import NIOSSL
import SiraConfiguration
import SiraCore
import SiraPipeline
import SiraRouting
import SiraServer
import SiraUpstream
import SiraWire

extension SiraServer.ServerSettings {
    /// The listener as it is configured.
    ///
    /// - Throws: when the certificate or its key cannot be read, with the field's place in the file.
    init(_ settings: Settings) throws(ConfigurationErrors) {
        let server = settings.server
        self.init(
            limits: ServerLimits(
                headerBytes: server.limits.headerBytes,
                bodyBytes: server.limits.bodyBytes,
                heldBodyBytes: server.limits.heldBodyBytes,
                streamBodyBytes: server.limits.streamBodyBytes,
                requestTime: server.limits.requestTimeout,
                idleTime: server.limits.idleTimeout,
                connections: server.limits.connections,
                streamsPerConnection: server.limits.streamsPerConnection
            )
        )
        host = server.address.host
        port = server.address.port
        if !server.cors.origins.isEmpty {
            let headers = server.cors.headers.isEmpty ? ["*"] : server.cors.headers
            cors = CORSPolicy(
                origins: server.cors.origins,
                headers: headers,
                maxAge: Int(server.cors.maxAge.components.seconds)
            )
        }
        guard let material = server.tls else { return }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(material.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: material.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = material.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
            configuration.applicationProtocols = ["h2", "http/1.1"]
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            let problem = settings.origin.problem(
                at: "server.tls",
                "the certificate or its key cannot be used: \(error)"
            )
            throw ConfigurationErrors(file: settings.origin.file, problems: [problem])
        }
    }
}

extension GatewayPolicy {
    /// What the operator has decided for all requests.
    init(_ settings: Settings) {
        self.init()
        switch settings.server.withoutKeys {
        case .refuse: anonymous = .never
        case .allowOnLoopback: anonymous = settings.server.address.isLoopback ? .untilFirstKey : .never
        case .allowAnyone: anonymous = .untilFirstKey
        }
        anonymousGuard.origins = settings.server.cors.origins
        anonymousGuard.isLoopback = settings.server.address.isLoopback
        concurrentRequests = settings.limits.concurrentRequests
        waits.interactive = settings.limits.queue.interactiveWait
        waits.batch = settings.limits.queue.batchWait
        waits.background = settings.limits.queue.backgroundWait
        heldFormBytes = settings.server.limits.bodyBytes
        sendsCostComment = settings.stream.costComment
        keepAlive = settings.stream.keepAlive > .zero ? settings.stream.keepAlive : nil
        sessions.messageBytes = settings.server.limits.messageBytes
        sessions.silence = settings.server.limits.sessionSilence
        sessions.time = settings.server.limits.sessionTime
        forwardedHeaders = HeaderPatterns(Self.defaultForwardedHeaders + settings.server.forwardHeaders)
        resilience = ResiliencePolicy(settings.routing)
        keepsDecisions = settings.routing.decisions.keep != nil
        keptResponses = KeptResponses(settings.storage.responses)
        if settings.logging.bodies.isEnabled { loggedBodyBytes = settings.logging.bodies.maxBytes }
        unsupported = settings.server.onUnsupported
        accountPaths = settings.server.accountPaths
        for name in Array(settings.models.keys) + settings.aliases.keys {
            if let own = Self.unsupported(name, settings) { unsupportedByModel[name] = own }
        }
    }

    /// What the configuration says of requests for a model that cannot be expressed in full: the model's own word, or
    /// that of what an alias leads to.
    private static func unsupported(_ name: String, _ settings: Settings) -> UnsupportedPolicy? {
        var name = name
        // No chain is longer than there are aliases.
        for _ in 0...settings.aliases.count {
            if let own = settings.models[name]?.onUnsupported { return own }
            guard let target = settings.aliases[name] else { return nil }
            name = target
        }
        return nil
    }
}

extension KeptResponses {
    /// Nil when no answers are to be kept.
    fileprivate init?(_ settings: ResponseSettings) {
        guard settings.isEnabled else { return nil }
        self.init()
        time = settings.keep.duration
        bytes = settings.maxBytes
    }
}

extension UpstreamSettings {
    /// The proxy that the environment names, as most programs read it: `HTTPS_PROXY` and `NO_PROXY`.
    init(_ environment: Environment) throws(GatewayError) {
        self.init()
        guard let text = environment.text("HTTPS_PROXY") ?? environment.text("https_proxy") else { return }
        let exceptions = environment.text("NO_PROXY") ?? environment.text("no_proxy") ?? ""
        guard let rule = ProxyRule(url: text, exceptions: exceptions) else {
            throw GatewayError(
                .internalError,
                "the URL of a proxy must be like http://proxy.example.com:3128, perhaps with user:password@."
            )
        }
        proxy = rule
    }
}
