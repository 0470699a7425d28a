import SiraCore
import SiraHealth
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
    func credential(for attempt: Attempt, _ request: RequestContext) throws(GatewayError) -> Credential? {
        let deployment = attempt.deployment
        let credentials = deployment.access.credentials
        guard credentials.count > 1 else { return credentials.first }
        let wanted = wantedCredentials(for: attempt, request)
        guard let digest = wanted.first else {
            // A thing may belong to one of several keys' projects: requests about things show the first.
            let key = request.isAboutThings ? 0 : attempt.begun?.key ?? 0
            return credentials.indices.contains(key) ? credentials[key] : credentials.first
        }
        let isAnswer = previous(for: attempt, request)?.credential != nil
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

    /// The place, among those of its access, of the credential that the attempt is bound to; nil where any will do.
    func boundKey(of attempt: Attempt, _ request: RequestContext) -> Int? {
        let credentials = attempt.deployment.access.credentials
        guard credentials.count > 1 else { return nil }
        guard let digest = wantedCredentials(for: attempt, request).first else {
            return request.isAboutThings ? 0 : nil
        }
        return credentials.firstIndex { $0.digest == digest }
    }

    /// The credentials with which the things were made that the request is about, by their digests.
    private func wantedCredentials(for attempt: Attempt, _ request: RequestContext) -> Set<String> {
        let objects = request.files + (request.object.map { [$0] } ?? [])
        var wanted = Set(objects.filter { $0.access == attempt.deployment.access.name }.compactMap(\.credential))
        if let credential = previous(for: attempt, request)?.credential { wanted.insert(credential) }
        return wanted
    }

    /// The answer that the provider itself is to go on from.
    private func previous(for attempt: Attempt, _ request: RequestContext) -> StoredResponse? {
        request.passagePrevious ?? (goesOnNatively(request, by: attempt) ? request.conversation?.previous : nil)
    }

    /// Whether the provider itself is to go on from the answer that the request names.
    ///
    /// Not where its credential is gone and all that came before is known here.
    func goesOnNatively(_ request: RequestContext, by attempt: Attempt) -> Bool {
        guard let conversation = request.conversation, let previous = conversation.previous, attempt.isSpoken,
            previous.isNative, previous.access == attempt.deployment.access.name
        else { return false }
        guard let digest = previous.credential, conversation.history != nil else { return true }
        let credentials = attempt.deployment.access.credentials
        return credentials.count <= 1 || credentials.contains { $0.digest == digest }
    }
}
