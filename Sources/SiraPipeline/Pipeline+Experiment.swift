import NIOCore
import SiraCore
import SiraExperiments
import SiraLedger
import SiraRouting
import SiraSignals
import SiraStorage
import SiraTenancy
import SiraWire

/// What is tried out on some of the requests.
extension Pipeline {
    /// The name that the request's model stands for in an experiment; its own where it takes part in none.
    ///
    /// Without an experiment on the name nothing of the body is looked at.
    func assign(_ model: String, _ request: RequestContext) -> String {
        let directory = request.snapshot.directory
        let name = directory.name(of: model)
        guard !request.isShadow, context.services.experiments.isAbout(name) else { return model }
        let headers = request.inbound.headers
        let unit = AssignmentUnit(
            user: headers["x-sira-user"] ?? (try? facts(request))?.user,
            session: headers["x-sira-session"],
            key: request.key?.id,
            request: request.id
        )
        guard let assigned = context.services.experiments.assign(model: name, unit: unit) else { return model }
        request.experiment = assigned
        // What the client wants of the model it wants of the other one as well.
        return assigned.model + model.dropFirst(name.count)
    }

    /// Counts what became of a request that was part of an experiment.
    func recordExperiment(_ record: UsageRecord, _ request: RequestContext) {
        guard let experiment = request.experiment, record.outcome != .cancelled, !request.inbound.isDryRun,
            // A copy for which there was no room says nothing of its arm.
            !(request.isShadow && record.outcome == .limited)
        else { return }
        context.services.experiments.record(
            Sample(
                isError: record.outcome == .upstreamError || record.outcome == .gatewayError,
                timeToFirstToken: record.isStream ? record.timeToFirstToken.map { .microseconds($0) } : nil,
                duration: .microseconds(record.duration),
                cost: record.cost
            ),
            experiment: experiment.experiment,
            arm: experiment.arm,
            at: context.clock.now()
        )
    }

    /// Sends copies of the request to the experiment's shadows, whose answers nobody sees.
    ///
    /// Each is a request of its own in the books, with the tag `shadow`. Its tenants neither pay for it nor lose room by
    /// it; providers and models count it, and where those have no room it is refused at once.
    func mirror(_ request: RequestContext) {
        guard let experiment = request.experiment, !experiment.shadows.isEmpty, request.inbound.source == nil,
            // What is kept at one provider is nothing to another.
            !request.isAboutThings, request.conversation?.previous == nil, hasRoomForCopies
        else { return }
        for copy in experiment.shadows {
            let shadow = begin(request.inbound.shadow(at: context.clock))
            shadow.isShadow = true
            shadow.key = request.key
            shadow.standing = request.standing
            (shadow.user, shadow.tags, shadow.priority) = (request.user, request.tags, .background)
            shadow.hints = request.hints
            shadow.mayUseName = true
            shadow.isKnownCaller = request.isKnownCaller
            shadow.envelope = request.envelope
            shadow.isStream = request.isStream
            shadow.unsupported = request.unsupported
            shadow.routedModel = copy.model
            shadow.experiment = experiment.copy(copy)
            context.scheduler.spawn { [self] in await run(shadow: shadow) }
        }
    }

    /// Whether copies take nothing away from requests that somebody waits for.
    private var hasRoomForCopies: Bool {
        !context.isDraining && !context.journal.isFull
            && context.services.running.value <= context.snapshot.policy.concurrentRequests / 2
    }

    /// The last stages, for a request that has passed the first already.
    private nonisolated(nonsending) func run(shadow request: RequestContext) async {
        let client = UnseenClient()
        do throws(GatewayError) {
            let admission = Admission(envelope: try request.readEnvelope)
            let plan = try await route(admission, request)
            let answer = try await execute(plan, request, client)
            await finish(answer, admission, request, client)
        } catch {
            refuse(error, request, client)
        }
        end()
    }
}

extension Inbound {
    /// The same request, as one of its own.
    fileprivate func shadow(at clock: GatewayClock) -> Inbound {
        let copy = Inbound(
            operation: operation,
            path: path,
            method: method,
            headers: headers,
            body: body,
            startedAt: clock.now(),
            startedUptime: clock.uptime(),
            extraFields: []
        )
        copy.media = media
        return copy
    }
}

/// A client that takes an answer and lets it fall.
private final class UnseenClient: ClientStream {
    let abort = AbortSignal()
    let isWritable = true
    var onWritabilityChange: ((Bool) -> Void)?
    private(set) var hasStarted = false

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) { hasStarted = true }
    func sendBody(_ piece: ByteBuffer) {}
    func sendEnd() {}
    func breakOff() {}
    func flush() {}
}
