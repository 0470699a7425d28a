package import Logging
package import SiraCore
package import SiraExperiments
package import SiraLedger
package import SiraLimits
package import SiraRouting
package import SiraStorage
package import SiraTelemetry
package import SiraTenancy
package import SiraWire

/// All that a request is decided by, at one moment.
///
/// Immutable; a reload swaps it whole, and a request keeps the one it began with.
package final class Snapshot: Sendable {
    package let directory: Directory
    package let dialects: Dialects
    package let policy: GatewayPolicy

    package init(directory: Directory, dialects: Dialects, policy: GatewayPolicy) {
        self.directory = directory
        self.dialects = dialects
        self.policy = policy
    }
}

/// What the operator has decided for all requests.
package struct GatewayPolicy: Sendable {
    /// Whether requests without a key are served.
    package var anonymous = AnonymousAccess.never
    /// What requests without a key must look like where they are served.
    package var anonymousGuard = AnonymousGuard()
    /// Requests that may run at once, over all lanes; beyond it the gateway answers 503.
    package var concurrentRequests = 10_000
    /// How long requests wait for room at most.
    package var waits = QueueWaits()
    /// Whether streams tell their cost in a comment before their last event, unless the client objects.
    package var sendsCostComment = true
    /// Request header fields that providers are given as the client sent them, unless an access has a list of its own.
    package var forwardedHeaders = HeaderPatterns(Self.defaultForwardedHeaders)
    /// The largest whole answer, in bytes, that is held in memory.
    package var answerBytes = 64_000_000
    /// The most bytes of a form, or of a body that has to be signed, that are held in memory.
    package var heldFormBytes = 20_000_000
    /// How much of each body goes to the log; nil for none.
    package var loggedBodyBytes: Int?
    /// What becomes of requests that a model's protocol cannot express in full, unless the client says.
    package var unsupported = UnsupportedPolicy.warn
    /// The same for single names of models, as clients write them.
    package var unsupportedByModel: [String: UnsupportedPolicy] = [:]
    /// Whether keys reach paths of providers at which all things of the account are.
    package var accountPaths = AccountPathPolicy.refuse
    /// After so long a silence a stream carries a comment, so that proxies on the way keep it open; nil for never.
    package var keepAlive: Duration?
    /// What a session over a WebSocket may take.
    package var sessions = SessionLimits()
    /// What is done for requests that ask for no route, so that they are answered.
    package var resilience = ResiliencePolicy()
    /// Whether it is kept why requests went where they went.
    package var keepsDecisions = true
    /// How answers are kept for clients that want to go on from them; nil for not at all.
    package var keptResponses: KeptResponses? = KeptResponses()

    /// Those that belong to the providers' protocols, or tell who asks: every list has them.
    package static let defaultForwardedHeaders = [
        "anthropic-*", "openai-*", "x-client-request-id", "idempotency-key", "http-referer", "x-title",
    ]

    package init() {}
}

/// How long answers are kept, and how large they may be.
package struct KeptResponses: Hashable, Sendable {
    /// Nil is for good.
    package var time: Duration? = .seconds(30 * 86_400)
    /// The most bytes of an answer and the conversation that led to it.
    package var bytes = 4_000_000

    package init() {}
}

/// When requests without a key are served.
package enum AnonymousAccess: Sendable {
    case never
    /// As long as no key has been made: a first try needs none.
    case untilFirstKey
}

/// The protocols that are spoken.
package struct Dialects: Sendable {
    private let byName: [WireProtocol: any Dialect]
    private let first: any Dialect

    /// - Parameters:
    ///   - first: the dialect in which errors are told where no other is known.
    ///   - others: one for each other protocol.
    package init(_ first: any Dialect, _ others: any Dialect...) {
        self.first = first
        byName = Dictionary(([first] + others).map { ($0.name, $0) }) { _, later in later }
    }

    package subscript(name: WireProtocol) -> any Dialect { byName[name] ?? first }
}

/// What the pipeline asks of the rest of the process now and then, never on the way of a proxied request.
package struct Services: Sendable {
    /// Looks whether keys have been made since the ring in use, and gives the newer ring.
    package var refreshKeys: @Sendable () async -> KeyRing
    /// The ledger's rows of a request.
    package var records: @Sendable (RequestID) async throws -> [UsageRecord]
    /// Whose the things are that providers keep.
    package var objects: any ObjectStore
    /// Answers that are kept for their clients.
    package var responses: ResponseArchive
    /// Why requests went where they went.
    package var decisions: DecisionArchive
    /// What was thought of answers.
    package var feedback: any FeedbackStore
    /// How long feedback is kept; nil is for good.
    package var feedbackTime: Duration?
    /// What is tried out on some of the requests.
    package var experiments: ExperimentBoard
    /// Whether the journal, as a whole, takes more records.
    package var acceptsRecords: @Sendable () -> Bool
    /// Why the process cannot serve; nil when it can.
    package var unreadiness: @Sendable () -> String?
    /// What limits and budgets have counted.
    package var limits: LimitBoard
    /// Requests that wait for their turn.
    package var turns: AdmissionQueue
    /// What requests are expected to use.
    package var estimates: OutputEstimator
    /// What routing remembers, as all lanes see it.
    package var memory: RoutingMemory
    package var access: LogOutput
    /// The requests that all lanes are answering.
    package var running: RequestCount
    /// For what is told of single requests: details of failures, and bodies if the operator wants that.
    package var logger: Logger

    package init(
        refreshKeys: @escaping @Sendable () async -> KeyRing,
        records: @escaping @Sendable (RequestID) async throws -> [UsageRecord],
        objects: any ObjectStore,
        responses: ResponseArchive,
        decisions: DecisionArchive,
        feedback: any FeedbackStore,
        feedbackTime: Duration? = nil,
        experiments: ExperimentBoard,
        acceptsRecords: @escaping @Sendable () -> Bool,
        unreadiness: @escaping @Sendable () -> String?,
        limits: LimitBoard = LimitBoard(),
        turns: AdmissionQueue = AdmissionQueue(capacity: 10_000),
        estimates: OutputEstimator = OutputEstimator(),
        memory: RoutingMemory,
        access: LogOutput,
        running: RequestCount = RequestCount(),
        logger: Logger
    ) {
        self.refreshKeys = refreshKeys
        self.records = records
        self.objects = objects
        self.responses = responses
        self.decisions = decisions
        self.feedback = feedback
        self.feedbackTime = feedbackTime
        self.experiments = experiments
        self.acceptsRecords = acceptsRecords
        self.unreadiness = unreadiness
        self.limits = limits
        self.turns = turns
        self.estimates = estimates
        self.memory = memory
        self.access = access
        self.running = running
        self.logger = logger
    }
}
