import NIOCore
import NIOPosix
import NIOSSL
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraPipeline
import SiraRouting
import SiraServer
import SiraUpstream
import SiraWire

/// Asks a provider for its models, and one of them for a word.
struct ProviderTrial: Sendable {
    let access: ProviderAccess
    /// The model that is called, by the names of those that the provider lists, where it does; nil for no call.
    let model: @Sendable (_ offered: [String]?) -> Deployment?
    /// The proxies of the machine.
    let environment: Environment
    private static let time = Duration.seconds(15)
    private static let answerLimit = 8_000_000
    /// The most models that are told.
    static let modelLimit = 500

    /// What came of it.
    struct Verdict: Sendable {
        var latency: Duration?
        /// Nil where no list came.
        var models: [String]?
        var listError: String?
        var call: CallVerdict?

        var isOK: Bool { call?.error == nil && (models != nil || call != nil) }

        /// Why it does not work; nil where it does.
        var error: String? { isOK ? nil : call?.error ?? listError }
    }

    struct CallVerdict: Sendable {
        var model: String
        var latency: Duration?
        var error: String?
    }

    /// Tries it out; takes at most about half a minute.
    func run() async -> Verdict {
        await Lane(loop: MultiThreadedEventLoopGroup.singleton.next()).tryOut(self)
    }

    fileprivate nonisolated(nonsending) func run(through client: UpstreamClient) async -> Verdict {
        var verdict = Verdict()
        let clock = ContinuousClock()
        let began = clock.now
        do throws(GatewayError) {
            let answer = try await ask("GET", access.wire.modelsPath, body: nil, through: client)
            verdict.latency = clock.now - began
            if let models = Self.models(of: answer.body) {
                verdict.models = models
            } else {
                verdict.listError = "The list of models cannot be read."
            }
        } catch {
            verdict.listError = error.message
        }
        guard let model = model(verdict.models) else { return verdict }
        var call = CallVerdict(model: model.upstreamModel)
        let start = clock.now
        do throws(GatewayError) {
            let (path, body) = try Self.word(of: model)
            _ = try await ask("POST", path, body: body, through: client)
            call.latency = clock.now - start
        } catch {
            call.error = error.message
        }
        verdict.call = call
        return verdict
    }

    // MARK: requests

    private nonisolated(nonsending) func ask(
        _ method: String,
        _ path: String,
        body: [UInt8]?,
        through client: UpstreamClient
    ) async throws(GatewayError) -> (status: Int, body: [UInt8]) {
        var fields = access.headers
        if fields["user-agent"] == nil { fields.append("user-agent", "sira/\(siraVersion)") }
        if body != nil { fields.append("content-type", "application/json") }
        if access.wire == .anthropic, fields["anthropic-version"] == nil {
            fields.append("anthropic-version", "2023-06-01")
        }
        if let credential = access.credentials.first { fields.append(credential.name, credential.value.reveal()) }
        var timeouts = UpstreamTimeouts()
        (timeouts.connect, timeouts.firstByte) = (.seconds(5), Self.time)
        (timeouts.idle, timeouts.total) = (Self.time, Self.time)
        var request = UpstreamRequest(
            endpoint: access.baseURL.endpoint,
            method: method,
            path: access.baseURL.pathPrefix + path,
            headers: fields,
            body: ByteBuffer(bytes: body ?? []),
            timeouts: timeouts,
            proxy: access.proxy
        )
        request.provider = access.name
        request.addressGuard = access.addressGuard
        if let signer = access.signer {
            try await signer.sign(&request, at: GatewayClock.system.now(), through: client)
        }
        let answer = try await client.send(request, abort: AbortSignal())
        let collected = await BodyCollector(limit: Self.answerLimit).collect(answer)
        guard let collected else {
            throw GatewayError(.upstreamInterrupted, "\(access.name) broke off its answer, or it is too long.")
        }
        let bytes = Array(collected.readableBytesView)
        guard (200..<300).contains(answer.status) else {
            let error = bytes.withUnsafeBytes {
                Dialects.all[access.wire].readError(status: answer.status, body: $0, indexer: JSONIndexer())
            }
            throw GatewayError(error.code, "\(access.name) answered with \(answer.status): \(error.message)")
        }
        return (answer.status, bytes)
    }

    /// A request for a word, in the provider's protocol.
    private static func word(of model: Deployment) throws(GatewayError) -> (path: String, body: [UInt8]) {
        let (wire, dialect) = (model.access.wire, Dialects.all[model.access.wire])
        guard let provider = dialect.provider else {
            throw GatewayError(.unsupportedFeature, "Nothing can be asked in this protocol.")
        }
        let text = Part(.text("Say ok."), path: "messages[0].content")
        var call = Call(turns: [Turn(role: .user, parts: [text], path: "messages[0]")])
        // Some providers refuse smaller limits.
        call.sampling.outputLimit = 16
        let written = try provider.writeCall(call, to: model.target, indexer: JSONIndexer())
        return (dialect.path(of: wire.conversation, to: model.target, isStream: false), written.body)
    }

    /// The names in a list of models, whichever protocol it is of; nil when it is none.
    static func models(of body: [UInt8]) -> [String]? {
        try? JSONIndexer().read(body, limits: .answer) { json -> [String]? in
            let list = json.kind == .array ? json : json["data"] ?? json["models"]
            guard let list, list.kind == .array else { return nil }
            return list.elements.compactMap { model in
                let name = model["id"]?.string ?? model["name"]?.string ?? model.string
                return name.map { $0.hasPrefix("models/") ? String($0.dropFirst("models/".count)) : $0 }
            }
        }
    }
}

extension Lane {
    /// Tries a provider over connections of its own, which are closed afterwards.
    fileprivate func tryOut(_ trial: ProviderTrial) async -> ProviderTrial.Verdict {
        do {
            var settings = try UpstreamSettings(trial.environment)
            settings.tls.applicationProtocols = ["http/1.1"]
            settings.idleConnections = 0
            let tls = try NIOSSLContext(configuration: settings.tls)
            let client = UpstreamClient(loop: loop, settings: settings, tls: tls, socketTLS: tls, clock: .system)
            let bound = NIOLoopBound(client, eventLoop: loop)
            // What keeps the time limits, and the client itself alive.
            let ticking = loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) { _ in
                bound.value.tick()
            }
            defer { ticking.cancel() }
            return await trial.run(through: client)
        } catch {
            var verdict = ProviderTrial.Verdict()
            verdict.listError = (error as? GatewayError)?.message ?? "\(error)"
            return verdict
        }
    }
}
