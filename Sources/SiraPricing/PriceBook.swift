package import SiraCatalog

/// The prices of all models of a catalogue.
package struct PriceBook: Sendable {
    private let catalog: Catalog

    package init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// The tariff for a name that a provider's API takes; nil when no price is known.
    package func tariff(provider: String, model: String) -> Tariff? {
        guard let sheet = catalog.model(provider: provider, name: model)?.prices, !sheet.isEmpty else { return nil }
        return Tariff(sheet)
    }
}
