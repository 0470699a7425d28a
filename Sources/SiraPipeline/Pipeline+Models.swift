import SiraCore
import SiraJSON
import SiraRouting
package import SiraWire

extension Pipeline {
    /// `GET /v1/models` and `GET /v1/models/{id}`: what the key may use, in the shape of the client's protocol.
    package nonisolated(nonsending) func tellModels(
        _ query: ModelQuery,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        let query = query.asked(by: headers)
        await read(headers, client, as: query.shape) { caller throws(GatewayError) in
            let telling = ModelTelling(shape: query.shape, directory: context.snapshot.directory)
            let models = visibleModels(caller)
            guard let name = query.name else {
                let part = query.page.part(of: models, name: \.id)
                return telling.list(part.models, hasMore: part.hasMore)
            }
            return telling.model(try visibleModel(name, models))
        }
    }

    private func visibleModels(_ caller: Caller) -> [ListedModel] {
        let now = context.clock.now()
        let directory = context.snapshot.directory
        let all = directory.listed(at: now)
        guard let key = caller.key else { return all }
        var names: Set<String> = []
        return all.compactMap { model in
            if key.allows(model: model.id, in: directory) { return model }
            return key.allows(model: model.target, in: directory) ? model.qualified : nil
        }.filter { names.insert($0.id).inserted }
    }

    /// The model that a client asks about, under the name by which it asks.
    private func visibleModel(_ name: String, _ models: [ListedModel]) throws(GatewayError) -> ListedModel {
        if let model = models.first(where: { $0.id == name }) { return model }
        if let model = models.first(where: { $0.target == name }) { return model.qualified }
        throw GatewayError(
            .modelNotFound,
            "There is no model \"\(name.prefix(100))\" that this key may use. GET /v1/models lists those that there are.",
            field: "model"
        )
    }
}
