package import Hummingbird
package import SiraStorage

/// What another module answers on the admin listener, beside the admin API.
package protocol AdminSurface: Sendable {
    /// All that it answers.
    ///
    /// - Parameter gate: finds out who asks, where that matters.
    func routes(_ gate: AdminGate) -> [AdminRoute]
}

/// One path that is answered to `GET`.
package struct AdminRoute: Sendable {
    /// As the router reads it: `/a/**`.
    package let path: String
    package let answer: @Sendable (Request, AdminContext) async throws -> Response

    package init(_ path: String, answer: @escaping @Sendable (Request, AdminContext) async throws -> Response) {
        self.path = path
        self.answer = answer
    }
}

/// The admin API's own way to find out who asks and to refuse who may not.
package struct AdminGate: Sendable {
    let gatekeeper: Gatekeeper
    let access: AdminAccess

    /// Who sends a request, as far as the connection and the headers tell.
    package func caller(_ request: Request, _ context: AdminContext) -> Caller { Caller(request, context, access) }

    /// Who asks, when they may.
    ///
    /// - Throws: an error that answers the request when it is handed on to ``refusal(_:)``.
    package func author(of request: Request, _ context: AdminContext, _ access: Endpoint.Access) async throws -> Author
    {
        try await gatekeeper.author(of: request, context, access)
    }

    /// The answer to an error of ``author(of:_:_:)``; nil for an error that is nobody's refusal.
    package func refusal(_ error: any Error) -> Response? {
        if let error = error as? EndpointError { return error.response }
        return (error as? DeskError).map { EndpointError($0).response }
    }
}
