import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

extension Pipeline {
    /// Reads what can be known of a request that goes to a path of a provider as it is.
    ///
    /// Which model it is for is in the path or in a body of JSON; of some requests it cannot be told.
    func readPassage(
        _ passage: Passage,
        _ request: RequestContext
    ) throws(GatewayError) -> Envelope {
        let inbound = request.inbound
        var model = PassageMeaning(of: passage.path).model
        if model == nil, inbound.method == "POST", inbound.headers.isJSON, inbound.body.readableBytes > 0 {
            // What is not JSON is the provider's to refuse.
            model = try? readJSON(inbound.body) { json in json["model"]?.string }
        }
        let name = model.flatMap { $0.isEmpty ? nil : "\(passage.provider)/\($0)" } ?? ""
        return Envelope(operation: inbound.operation, model: name, modelSpan: nil)
    }
}
