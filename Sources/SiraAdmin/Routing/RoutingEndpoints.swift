import SiraCore
import SiraExperiments
import SiraJSON
import SiraStorage
import SiraTenancy

/// How requests are routed, and how those do that they go to.
package struct RoutingEndpoints: Sendable {
    private let source: RoutingSource

    package init(_ source: RoutingSource) {
        self.source = source
    }

    package var all: [Endpoint] {
        [
            DeploymentsEndpoint(source: source).endpoint, ScoresEndpoint(source: source).endpoint,
            RoutingSummaryEndpoint(source: source).endpoint, DecisionsEndpoint(source: source).endpoint, experiments,
        ]
    }

    static let permission = Permission(.routing, .read)

    private var experiments: Endpoint {
        Endpoint(
            .get,
            "/experiments",
            name: "list_experiments",
            tag: "routing",
            "Tell what experiments have shown so far",
            access: .gateway(Self.permission),
            answer: .object([("experiments", .list(ReportSchemas.loose("An experiment with its arms.")))])
        ) { [source] _ in
            var json = JSONWriter(capacity: 4_096)
            json.object { json in
                json.array("experiments") { list in
                    for report in source.experiments() { list.object { report.write(to: &$0) } }
                }
            }
            return EndpointReply(json.bytes)
        }
    }
}
