/// The place of an operation's counters, handed out by ``MetricsRegistry/operationSlot(_:)``.
package struct OperationSlot: Hashable, Sendable {
    let index: Int
}

/// The place of a provider's counters, handed out by ``MetricsRegistry/providerSlot(_:)``.
///
/// Resolved when a configuration is loaded, so that counting a request touches neither strings nor dictionaries.
package struct ProviderSlot: Hashable, Sendable {
    let index: Int

    /// For requests that ended before any provider was asked; shown as `none`.
    package static let none = ProviderSlot(index: 0)
    /// For providers beyond the limit; shown as `other`.
    package static let other = ProviderSlot(index: capacity - 1)

    /// How many slots there are, ``none`` and ``other`` included.
    ///
    /// Bounds memory and the number of time series.
    static let capacity = 64
}

/// The label values of one operation.
package struct OperationLabels: Hashable, Sendable {
    /// The operation's word, such as `chat`.
    package var name: String
    /// The protocol whose clients ask for it, such as `openai`.
    package var clientProtocol: String

    package init(name: String, clientProtocol: String) {
        self.name = name
        self.clientProtocol = clientProtocol
    }
}
