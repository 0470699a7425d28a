import SiraLimits
import NIOCore
import SiraCore
import SiraHealth
import SiraRouting
import SiraWire

/// One try of one deployment, from the choice of it to the end of its answer.
///
/// Several may run for a request at once. The one whose answer begins first is the request's own from then on.
final class Attempt {
    /// Why it is made.
    enum Kind: String {
        case first
        /// The same deployment, once more.
        case retry
        /// Another deployment, since one has failed.
        case fallback
        /// Another deployment beside one that is slow.
        case hedge
        /// One of several that were asked at once.
        case race
        /// Goes on with a stream that broke off.
        case continuation
    }

    let candidate: Candidate
    let kind: Kind
    /// The attempt before it, to which the request goes back if nothing of this one is sent.
    let before: Attempt?
    /// The protocol in which the provider is spoken to.
    let wire: WireProtocol
    /// Whether the provider is spoken to in the client's own words.
    let isSpoken: Bool
    /// When it began, of ``GatewayClock/uptime``.
    let started: UInt64
    /// Ends this attempt alone.
    let abort = AbortSignal()
    /// Its place in the deployment's health; nil where it was made although the deployment had none to give.
    var begun: Begun?
    /// Whether the key that is shown is the one that ``begun`` speaks of.
    var showsOwnKey = true
    /// Whether the deployment's health has been told how it ended.
    var isJudged = false
    /// Its place among the request's attempts, from 1; 0 as long as nothing was sent.
    var number = 0
    /// Whether its request has been handed to the transport.
    private(set) var isSent = false
    /// The credential that is shown to the provider; nil where none is.
    var credential: Credential?
    /// The answer that it goes on with, and what the provider is asked for that; nil where it begins one.
    var continuing: (answer: TranslatedAnswer, body: ByteBuffer)?
    /// Whether the request's decision record has it.
    var isNoted = false
    /// Whether its line of the ledger has been written.
    var isBooked = false
    /// What it has consumed, should it fail before its answer begins.
    var consumption = Consumption.nothing
    /// What it took from the limits of its provider and model, until it has ended.
    var supply: Hold?
    /// Where it is counted when it has ended, if it was made although they had no room.
    var uncounted: Pipeline.Place?
    /// The provider's own refusal, for a client that speaks the same protocol.
    var refusal: UpstreamRefusal?
    /// What the provider's protocol could not express, as JSON paths of the client's request.
    var dropped: [String] = []
    /// Why it was given up although neither provider nor client ended it.
    private(set) var withdrawal: Withdrawal?

    /// Why the gateway itself gives an attempt up.
    enum Withdrawal {
        /// It had not begun to answer within the time; another deployment is asked.
        case late(Duration)
        /// Another attempt began to answer first.
        case lost
    }

    var deployment: Deployment { candidate.deployment }

    init(_ candidate: Candidate, _ kind: Kind, of request: RequestContext, at now: UInt64) {
        self.candidate = candidate
        self.kind = kind
        before = request.attempt
        started = now
        let inbound = request.inbound
        wire =
            switch inbound.matter {
            case .call: candidate.deployment.wire(for: inbound.clientProtocol, inbound.operation)
            // What goes to a provider as it is, is in the client's protocol.
            case .passage: inbound.clientProtocol
            // Of those that keep things, Anthropic's followers alone are not spoken to in OpenAI's words.
            case .thing: candidate.deployment.access.wire == .anthropic ? .anthropic : .openai
            }
        isSpoken =
            wire == inbound.clientProtocol || inbound.operation.isSpoken(in: wire) || inbound.matter.isThing
    }

    /// Notes that the provider is asked now: it counts among the request's attempts.
    func noteSent(_ request: RequestContext) {
        guard !isSent else { return }
        isSent = true
        request.attempts += 1
        number = request.attempts
    }

    /// Gives it up.
    func withdraw(_ reason: Withdrawal) {
        guard withdrawal == nil, !abort.hasFired else { return }
        withdrawal = reason
        abort.fire()
    }
}
