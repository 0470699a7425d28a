package import SiraCore

/// A resource as it is kept: its fields as JSON, and what the store knows of it.
package struct ResourceDocument: Hashable, Sendable {
    package let kind: ResourceKind
    package let id: String
    /// 1 when it was made, and one more with each change.
    package var version: Int64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// An object with the fields of the resource, secrets included.
    package var json: [UInt8]

    package init(
        kind: ResourceKind,
        id: String,
        version: Int64 = 1,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        json: [UInt8]
    ) {
        self.kind = kind
        self.id = id
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.json = json
    }
}
