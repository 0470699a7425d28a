import SiraCore
import SiraRouting
import SiraStorage
import SiraWire

/// Which of a provider's several keys a request shows.
extension Pipeline {
    /// The credential for a deployment: the one with which the things were made that the request is about, for another
    /// may belong to another project of the provider's; else the next in turn.
    ///
    /// An access that has one credential shows that one: it may have replaced an earlier one of the same project, and
    /// the provider knows.
    ///
    /// - Throws: `objectNotFound` or `previousResponseNotFound` when the credential is not configured any more, or when
    ///   what the request names was made with several.
    func credential(for deployment: Deployment, _ request: RequestContext) throws(GatewayError) -> Credential? {
        let credentials = deployment.access.credentials
        guard credentials.count > 1 else { return credentials.first }
        let objects = request.files + (request.object.map { [$0] } ?? [])
        var wanted = Set(objects.filter { $0.access == deployment.access.name }.compactMap(\.credential))
        let previous =
            request.passagePrevious ?? (goesOnNatively(request, at: deployment) ? request.conversation?.previous : nil)
        if let credential = previous?.credential { wanted.insert(credential) }
        guard let digest = wanted.first else {
            // A thing may belong to one of several keys' projects: requests about things show the first.
            return request.inbound.matter.isThing || !objects.isEmpty
                ? credentials.first : context.credentialTurns.next(of: deployment.access)
        }
        let isAnswer = previous?.credential != nil
        guard wanted.count == 1 else {
            throw GatewayError(
                isAnswer ? .previousResponseNotFound : .objectNotFound,
                "What this request names was made with several keys of \(deployment.access.name), so that no one of them "
                    + "reaches all of it. Upload the files again in one go, or send what they hold."
            )
        }
        guard let credential = credentials.first(where: { $0.digest == digest }) else {
            throw GatewayError(
                isAnswer ? .previousResponseNotFound : .objectNotFound,
                "What this request names was made with a key of \(deployment.access.name) that is not configured any "
                    + "more. Make it anew, or have the operator put the key back.",
                field: isAnswer ? "previous_response_id" : nil
            )
        }
        return credential
    }

    /// Whether the provider itself is to go on from the answer that the request names.
    ///
    /// Not where its credential is gone and all that came before is known here.
    func goesOnNatively(_ request: RequestContext, at deployment: Deployment) -> Bool {
        guard let conversation = request.conversation, let previous = conversation.previous, request.isSpoken,
            previous.isNative, previous.access == deployment.access.name
        else { return false }
        guard let digest = previous.credential, conversation.history != nil else { return true }
        let credentials = deployment.access.credentials
        return credentials.count <= 1 || credentials.contains { $0.digest == digest }
    }
}
