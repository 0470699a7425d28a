internal import CCatalogData
package import SiraJSON

extension Catalog {
    /// The catalogue that comes with the program, read once.
    ///
    /// - Throws: ``CatalogError`` when the data in the binary is damaged, which the tests rule out.
    package static func embedded() throws(CatalogError) -> Catalog {
        try fromBinary.get()
    }

    private static let fromBinary: Result<Catalog, CatalogError> = Result { () throws(CatalogError) in
        let indexer = JSONIndexer()
        var length = 0
        guard let providers = sira_catalog_providers(&length) else {
            throw CatalogError(problems: ["the binary holds no providers"])
        }
        let providerText = UnsafeRawBufferPointer(start: providers, count: length)
        guard let models = sira_catalog_models(&length) else {
            throw CatalogError(problems: ["the binary holds no models"])
        }
        let modelText = UnsafeRawBufferPointer(start: models, count: length)
        return try Catalog(providers: providerText, models: modelText, indexer: indexer)
    }

    /// Reads a catalogue from the texts of two data files; Scripts/catalog/README.md describes their fields.
    ///
    /// Unknown fields are passed over, so that newer files can be read.
    ///
    /// - Throws: ``CatalogError`` with every entry that cannot be understood.
    package init(
        providers: UnsafeRawBufferPointer,
        models: UnsafeRawBufferPointer,
        indexer: JSONIndexer
    ) throws(CatalogError) {
        var problems: [String] = []
        let readProviders = Self.entries(of: providers, under: "providers", indexer, &problems, ProviderReader.read)
        let readModels = Self.entries(of: models, under: "models", indexer, &problems, ModelReader.read)
        guard problems.isEmpty else { throw CatalogError(problems: problems) }
        self.init(providers: readProviders, models: readModels)
    }

    private static func entries<Entry>(
        of text: UnsafeRawBufferPointer,
        under key: StaticString,
        _ indexer: JSONIndexer,
        _ problems: inout [String],
        _ read: (JSONValue, inout [String]) -> Entry?
    ) -> [Entry] {
        do {
            return try indexer.read(text, limits: .answer) { root in
                guard let list = root[key], list.kind == .array else {
                    problems.append("the list \(key) is missing")
                    return []
                }
                return list.elements.compactMap { read($0, &problems) }
            }
        } catch {
            problems.append("\(key): \(error)")
            return []
        }
    }
}
