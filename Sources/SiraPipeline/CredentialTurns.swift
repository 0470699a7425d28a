import SiraRouting

/// Whose turn it is among the keys of each provider, on one lane.
///
/// Counts for each access by itself, so that requests that go to two providers by turns use all keys of both.
struct CredentialTurns {
    private var taken: [ObjectIdentifier: UInt] = [:]

    /// The next of the access's credentials; nil when it sends none.
    mutating func next(of access: ProviderAccess) -> Credential? {
        guard access.credentials.count > 1 else { return access.credentials.first }
        return access.credentials[
            advance(&taken[ObjectIdentifier(access), default: 0], below: access.credentials.count)
        ]
    }

    /// The value of a counter that goes round, before it is moved on.
    private func advance(_ counter: inout UInt, below limit: Int) -> Int {
        defer { counter &+= 1 }
        return Int(counter % UInt(limit))
    }
}
