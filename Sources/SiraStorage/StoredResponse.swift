package import SiraCore

/// An answer that was kept, so that it can be read again and a conversation can go on from it.
package struct StoredResponse: Hashable, Sendable {
    /// The answer's name, as its client was told it.
    package var id: String
    /// The id of the key that asked; empty when no key was asked for.
    package var key: String
    /// The name of the access that answered.
    package var access: String
    /// Whether the provider of ``access`` made the id and keeps the answer too.
    package var isNative: Bool
    /// Whether ``input`` is all of the conversation that led to the answer; otherwise a part of it is where only the
    /// provider can read it.
    package var isWhole: Bool
    package var createdAt: Timestamp
    /// When it is let go; nil for never.
    package var expiresAt: Timestamp?
    /// Which of the access's credentials it was made with, as a short digest; nil when that is not known.
    package var credential: String?
    /// The items of the conversation up to the answer, a list in JSON; empty where only ``isNative`` matters.
    package var input: [UInt8]
    /// The answer, an object in JSON; empty where nothing is kept but whose it is.
    package var response: [UInt8]

    package init(id: String, key: String, access: String, createdAt: Timestamp, input: [UInt8], response: [UInt8]) {
        self.id = id
        self.key = key
        self.access = access
        self.createdAt = createdAt
        self.input = input
        self.response = response
        isNative = false
        isWhole = true
    }

    /// Whether the answer itself is here, and not only whose it is.
    package var isReadable: Bool { !response.isEmpty }

    /// Whether it is to be let go.
    package func hasExpired(at time: Timestamp) -> Bool { expiresAt.map { $0 <= time } ?? false }

    /// The bytes of its texts.
    package var size: Int { input.count + response.count }
}

/// Where answers are kept.
package protocol ResponseStore: ExpiringStore {
    /// Keeps an answer, durably once it returns, in place of the key's earlier one of that id.
    func put(_ response: StoredResponse) async throws

    /// The key's answer of that id; nil when there is none, or when it is another key's.
    func response(_ id: String, of key: String) async throws -> StoredResponse?

    /// Deletes the key's answer of that id.
    ///
    /// - Returns: false when there is none.
    func delete(_ id: String, of key: String) async throws -> Bool
}
