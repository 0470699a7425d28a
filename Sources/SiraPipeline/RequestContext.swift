import SiraLimits
import SiraCatalog
import SiraCore
import SiraExperiments
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraWire

/// What has become known of one request on its way through the stages.
final class RequestContext {
    let id: RequestID
    let inbound: Inbound
    let snapshot: Snapshot
    var trail: Trail
    var envelope: Envelope?
    /// The form that the request's body is, read as far as its model.
    var form: Form?
    /// Whether the client gets a stream, as far as that is known.
    var isStream = false
    /// The thing that the request is about, of those that providers keep.
    var object: OwnedObject?
    /// The files that the request names, of those that providers keep for its key.
    var files: [OwnedObject] = []
    /// The answer that a request to a provider's own path goes on from.
    var passagePrevious: StoredResponse?
    /// The file of requests that a batch is to be made of.
    var inputFile = ""
    /// The ids of the key's own things, of which the answer may tell; and how many of them it wants.
    var ownIDs: Set<String> = []
    var pageSize = 20
    /// When the oldest of them was made, where the list begins with the newest.
    var oldestOwn: Timestamp?
    /// What the provider is asked of things besides; empty for nothing.
    var thingQuery = ""
    /// The request in full, once it had to be translated.
    var call: Call?
    /// The same of a request for embeddings.
    var embedding: EmbeddingCall?
    var key: APIKey?
    /// What its body says that limits and books want to know.
    var hints = RequestHints()
    /// Whose its key is.
    var standing: Standing?
    /// The end user, as the client named it; empty when it named none.
    var user = ""
    /// The words under which it is counted.
    var tags: [String] = []
    var priority = RequestPriority.interactive
    /// What it is counted by.
    var meters: MeterSet?
    /// What it took from its limits and budgets, until it has ended.
    var hold: Hold?
    /// The deployment whose prices that was reckoned with.
    var reservedFor: Deployment?
    /// Tokens and money of its lines so far.
    var used = UsedSoFar()
    /// How long its client would have it wait for its turn; nil where it does not say.
    var patience: Duration?
    /// Nanoseconds of uptime until which it waits for its turns, once it has had to.
    var waitsUntil: UInt64?
    /// Time spent waiting for its turn, in nanoseconds.
    var queueTime: UInt64 = 0
    /// Whether the key may use the model's name, wherever that leads.
    var mayUseName = true
    /// Attempts of which a provider was sent something.
    var attempts = 0
    /// The attempt that counts: the one whose answer is the client's, or the last so far.
    var attempt: Attempt?
    /// Time spent waiting for providers, in nanoseconds.
    var upstreamTime: UInt64 = 0
    /// When an attempt was committed: its answer is the client's, however it ends.
    var committed: UInt64 = 0
    /// When the first content of the answer arrived.
    var firstContent: UInt64?
    /// What the request says of the conversation it goes on with; nil where its protocol has no such thing.
    var conversation: Conversation?
    /// What becomes of a request that has parts which its provider's protocol cannot express.
    var unsupported = UnsupportedPolicy.warn

    init(id: RequestID, inbound: Inbound, snapshot: Snapshot) {
        self.id = id
        self.inbound = inbound
        self.snapshot = snapshot
        trail = Trail(start: inbound.startedUptime)
    }

    /// The envelope, which is there from the first stage on.
    var readEnvelope: Envelope {
        get throws(GatewayError) {
            guard let envelope else {
                throw GatewayError(.internalError, "The request was routed before it was read.")
            }
            return envelope
        }
    }

    /// The protocol that the client speaks.
    var clientDialect: any Dialect { snapshot.dialects[inbound.clientProtocol] }

    /// The protocol in which to tell what has gone wrong: on a provider's own path that means nothing here, the
    /// provider's.
    var errorDialect: any Dialect {
        guard case .passage(let passage) = inbound.matter, PassageMeaning(of: passage.path).operation == nil,
            let access = snapshot.directory.accesses.first(where: { $0.name == passage.provider })
        else { return clientDialect }
        return snapshot.dialects[access.wire]
    }

    /// Where the attempt that counts goes.
    var deployment: Deployment? { attempt?.deployment }

    /// Whether the request could be sent once more: nothing of it has gone by that is not held.
    var isRepeatable: Bool {
        guard let source = inbound.source, form.map({ $0.rest != nil }) ?? true else { return true }
        return !source.isTaken && !source.isExhausted
    }

    /// Whether a stream that breaks off is to be gone on with, so that it has to be understood as it passes.
    var mayContinue: Bool {
        isStream && inbound.operation.isConversation && plan?.resilience.continuesStreams ?? false
    }

    /// Whether it is about things that providers keep, or names some.
    var isAboutThings: Bool { inbound.matter.isThing || !files.isEmpty || object != nil }

    /// Whether all of its body is held, so that two attempts can send it at once.
    var isHeld: Bool { inbound.source == nil && form?.rest == nil }

    /// Frees the body, once no other provider can be asked: a stream may run for long.
    ///
    /// - Parameter isCounted: whether the provider has told how many tokens it is; else one that is not large is kept,
    ///   for the tokens to be counted should the provider never tell.
    func letGoOfBody(isCounted: Bool) {
        inbound.letGoOfBody(largerThan: isCounted ? 0 : Self.countedBytes)
        form = nil
        if !mayContinue { call = nil }
    }

    /// The largest body that is kept for that, in bytes.
    private static let countedBytes = 1_048_576

    /// Whether the key is kept to what is its own at the operator's accounts.
    ///
    /// Where paths to things of the whole account pass, nothing would be gained by it.
    var isConfined: Bool { key != nil && snapshot.policy.accountPaths == .refuse }

    /// Whether the provider takes nothing for such requests and says nothing of it: OpenAI's moderations are free.
    ///
    /// https://platform.openai.com/docs/guides/moderation
    var isFreeByItself: Bool { deployment.map(isFree) ?? false }

    /// The same of a deployment that has not been asked yet.
    func isFree(at deployment: Deployment) -> Bool {
        inbound.operation == .moderation && deployment.provider.id == "openai"
    }

    /// Why it goes where it goes; nil until it is routed.
    var decision: Decision?
    /// Where it may go, once it is routed.
    var plan: Plan?
    /// How often its stream broke off and was gone on with.
    var continuations = 0
    /// Events with content that came before it was last gone on with.
    var eventsSaid = 0
    /// What became of each attempt.
    var attemptNotes: [AttemptNote] = []
    /// The experiment that it is part of.
    var experiment: Assigned?
    /// The model that it goes to in place of the one in its envelope.
    var routedModel: String?
    /// Whether a budget sends it to a cheaper model.
    var isThrifty = false
    /// Whether its tokens are to be counted here: of the deployments that it leads to none counts any.
    var isCountedHere = false
    /// Whether it is a copy whose answer nobody sees.
    var isShadow = false
    /// Whether it is a session that has begun, of which each line is settled as it is written.
    var isSession = false

    /// Whether there were providers to ask.
    var wasRouted = false

    /// Whether the request was let in, so that it belongs into the books.
    var isKnownCaller = false

    /// The header fields that every answer carries.
    var commonFields: HeaderFields {
        var fields = HeaderFields(inbound.extraFields)
        fields.append("x-sira-request-id", id.description)
        if let route = decision?.route { fields.append("x-sira-route", route) }
        if isThrifty {
            fields.append("x-sira-degraded", "budget")
        } else if decision?.isDegraded ?? false {
            fields.append("x-sira-degraded", "cheaper-model")
        }
        if let experiment { fields.append("x-sira-experiment", experiment.label) }
        if queueTime > 0 { fields.append("x-sira-queue-ms", String(queueTime / 1_000_000)) }
        guard let attempt, attempts > 0 else {
            if wasRouted { fields.append("x-sira-attempts", "0") }
            return fields
        }
        let deployment = attempt.deployment
        fields.append("x-sira-provider", deployment.access.name)
        if !deployment.upstreamModel.isEmpty { fields.append("x-sira-model", deployment.upstreamModel) }
        fields.append("x-sira-attempts", String(attempts))
        if !attempt.dropped.isEmpty, unsupported == .warn {
            fields.append("x-sira-dropped", DroppedFields.headerValue(attempt.dropped))
        }
        return fields
    }

    /// A line of the ledger with all that is the same whatever the end.
    ///
    /// - Parameter attempt: whose line it is; nil for a request that ended before any was made.
    func record(of attempt: Attempt?, now: UInt64) -> UsageRecord {
        var record = UsageRecord(request: id, startedAt: inbound.startedAt)
        record.attempt = attempt?.number ?? 0
        record.duration = microseconds(now &- trail.start)
        record.upstreamTime = microseconds(upstreamTime)
        record.timeToFirstToken = firstContent.map { microseconds($0 &- trail.start) }
        record.operation = inbound.operation.label
        record.isStream = isStream
        record.requestedModel = envelope?.model ?? ""
        record.key = key?.id ?? ""
        if let standing {
            record.organization = standing.organization
            record.team = standing.team
            record.project = standing.project
        }
        record.tags = tags
        record.user = user
        record.priority = priority.rawValue
        record.queueTime = microseconds(queueTime)
        if isShadow { record.tags.append("shadow") }
        if let deployment = attempt?.deployment {
            record.provider = deployment.access.name
            record.model = deployment.upstreamModel
            record.attemptStart = attempt.map { microseconds($0.started &- trail.start) }
            if !isShadow { record.promptDigest = inbound.digest }
        }
        record.isModelListed = attempt?.candidate.isListed ?? true
        return record
    }
}

/// Whole microseconds in so many nanoseconds.
func microseconds(_ nanoseconds: UInt64) -> Int64 {
    Int64(clamping: nanoseconds / 1_000)
}
