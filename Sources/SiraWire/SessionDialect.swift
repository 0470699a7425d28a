package import SiraCore
package import SiraJSON

/// How a protocol holds conversations over a WebSocket.
///
/// Messages pass through untouched, as answers do between a client and a provider of the same protocol.
package protocol SessionDialect: Sendable {
    /// The path after a base URL, without a query.
    var path: String { get }

    /// An observer for one session.
    func makeObserver(_ models: SessionModels, quirks: Quirks) -> any SessionObserver

    /// The message that tells a client of an error.
    func errorMessage(_ error: GatewayError, request: RequestID) -> [UInt8]
}

/// The models that a session may use.
package struct SessionModels {
    /// The model that was asked for, as the client wrote it.
    package var requested: String
    /// The same, as the provider knows it.
    package var provided: String
    /// Whether another of the provider's models may be used besides, such as one that writes down what is said.
    package var mayAlsoUse: (String) -> Bool

    package init(requested: String, provided: String, mayAlsoUse: @escaping (String) -> Bool) {
        self.requested = requested
        self.provided = provided
        self.mayAlsoUse = mayAlsoUse
    }
}

/// Watches a session pass through, next to the ``AnswerObserver`` of answers over HTTP.
package protocol SessionObserver {
    /// Looks at a client's message before the provider gets it.
    ///
    /// - Returns: what must change in it.
    /// - Throws: why the provider may not get it.
    mutating func observe(
        sent message: UnsafeRawBufferPointer,
        indexer: JSONIndexer
    ) throws(GatewayError) -> [Splice]

    /// Looks at a provider's message before the client gets it.
    mutating func observe(received message: UnsafeRawBufferPointer, indexer: JSONIndexer) -> SessionEvent
}

/// What one message of a provider is, to the one who passes it.
package enum SessionEvent: Sendable {
    /// Carries nothing that the books need.
    case frame
    /// The model begins an answer.
    case began
    /// A part of an answer.
    case content
    /// An answer is over; several may have run at once, and they are not told apart.
    case ended(SessionUse)
    /// Something was done besides the answers, which has its own price.
    case aside(SessionUse)
}

/// What one answer of a session, or what was done besides, has consumed.
package struct SessionUse: Sendable {
    /// The provider's name of the model, where it is not the session's own.
    package var model: String?
    /// The figures; nil when the provider gave none.
    package var reported: ReportedUsage?
    /// What the provider says has failed.
    package var failure: GatewayError?

    package init(model: String? = nil, reported: ReportedUsage?, failure: GatewayError? = nil) {
        self.model = model
        self.reported = reported
        self.failure = failure
    }
}
