package import SiraCatalog
internal import SiraCore
package import SiraHealth
package import SiraWire
internal import Synchronization

/// One model at one provider: all that is needed to send it a request.
package final class Deployment: Sendable {
    /// The access's name and the model in one, such as `openai/gpt-4o`.
    package let id: String
    /// Whose access this is.
    ///
    /// The name of the access in configuration, usually the provider's id.
    package let access: ProviderAccess
    /// The model's name as the provider knows it.
    package let upstreamModel: String
    /// What the catalogue knows of the model, its prices included; nil when it does not know it.
    package let model: Model?
    /// How long each part of the answer may take.
    package var timeouts: UpstreamTimeouts { access.timeouts }

    /// By what name the board of health knows it.
    private let healthID: String
    private let board: HealthBoard
    private let knownHealth = AtomicLazyReference<DeploymentHealth>()

    /// - Parameter sharesHealth: whether it shares what is known of health with others of its access.
    package init(
        access: ProviderAccess,
        upstreamModel: String,
        model: Model?,
        health: HealthBoard = HealthBoard(limit: 0),
        sharesHealth: Bool = false
    ) {
        board = health
        id = "\(access.name)/\(upstreamModel)"
        healthID = sharesHealth ? "\(access.name)/*" : id
        self.access = access
        self.upstreamModel = upstreamModel
        self.model = model
        spoken =
            if access.wire == .openai, model?.api == "responses" {
                [.responses]
            } else if access.wire == .openai, access.provider.quirks.speaksResponses {
                [.openai, .responses]
            } else {
                [access.wire]
            }
    }

    /// The protocol in which to ask for a client: its own, where the provider speaks that, else the first in which the
    /// operation can be told.
    package func wire(for client: WireProtocol, _ operation: SiraWire.Operation) -> WireProtocol {
        if spoken.contains(client) { return client }
        return spoken.first { operation.isTranslated(to: $0) } ?? spoken.first ?? access.wire
    }

    /// How it does.
    ///
    /// Made when it is first asked for, since most of the catalogue's models are never used.
    package var health: DeploymentHealth {
        knownHealth.load() ?? knownHealth.storeIfNil(board.deployment(healthID, of: access.health(on: board)))
    }

    package var provider: Provider { access.provider }
    /// The protocols in which the provider answers for this model, the one that says most first.
    package let spoken: [WireProtocol]
    package var endpoint: Endpoint { access.baseURL.endpoint }
    /// What each path begins with, without a slash at its end.
    package var pathPrefix: String { access.baseURL.pathPrefix }
    /// How the provider departs from its protocol.
    package var quirks: Quirks { access.provider.quirks }
    /// The proxy through which the provider is reached; nil where none is set for it.
    package var proxy: ProxyAddress? { access.proxy }
    /// Further headers of every request, names in lower case.
    package var headers: HeaderFields { access.headers }
    /// What it costs; nil when no price is known.
    package var prices: PriceSheet? {
        guard let model, !model.prices.isEmpty else { return nil }
        return model.prices
    }

    /// Whether the provider's protocol has the operation, itself or by translation.
    package func offers(_ operation: Operation) -> Bool {
        operation.isConversation || spoken.contains { operation.isSpoken(in: $0) || operation.isTranslated(to: $0) }
    }
}
