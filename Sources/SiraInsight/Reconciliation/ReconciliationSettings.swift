package import SiraCatalog
package import SiraCore

/// How an export is compared with the gateway's books.
package struct Reconciliation: Sendable {
    /// Whose export it is, as the catalogue names the provider.
    package var provider: String
    package var catalog: Catalog
    /// The provider's ids of the keys that the gateway uses; empty where nobody has told.
    package var gatewayKeys: Set<String> = []
    /// How far two figures may be apart, as a share of the larger one, and still be called the same.
    package var tolerance = 0.005
    /// How far two costs may be apart and still be called the same.
    package var costTolerance = NanoUSD(nanos: NanoUSD.perDollar / 1_000)

    package init(provider: String, catalog: Catalog) {
        self.provider = provider
        self.catalog = catalog
    }

    /// The name under which lines of a model are put together, whatever snapshot they name.
    ///
    /// That of the catalogue's model where it knows one, else the name without what says which snapshot it is.
    package func normalized(_ name: String) -> String {
        if let model = catalog.model(provider: provider, name: name) { return model.id }
        return SnapshotSuffix.stem(of: name).map { $0.lowercased() } ?? name.lowercased()
    }

    func isSame(_ left: Int64, _ right: Int64) -> Bool {
        let (left, right) = (Double(left), Double(right))
        return abs(left - right) <= max(left, right) * tolerance
    }

    func isSame(_ left: NanoUSD, _ right: NanoUSD) -> Bool {
        let (left, right) = (Double(left.nanos), Double(right.nanos))
        let apart = abs(left - right)
        return apart <= Double(costTolerance.nanos) || apart <= max(abs(left), abs(right)) * tolerance
    }
}
