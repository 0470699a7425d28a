import SiraJSON
import SiraTenancy

/// Trying models in the console.
package struct PlaygroundEndpoint: Sendable {
    private let answer: EndpointAction

    /// - Parameter answer: asks, and streams the answer.
    package init(answer: @escaping EndpointAction) {
        self.answer = answer
    }

    package var endpoint: Endpoint {
        Endpoint(
            .post,
            "/playground",
            name: "try_model",
            tag: "playground",
            "Ask a model or route for a chat answer, and stream it",
            access: .holder(Permission(.keys, .write)),
            answer: JSONSchema.text(0...Int.max),
            handle: answer
        ).with {
            $0.body = .object(
                [
                    ("model", JSONSchema.text(1...500).described("A model, alias or route; or give `route`.")),
                    ("route", .text(1...500)),
                    (
                        "messages",
                        JSONSchema.list(.anything, 1...10_000).described("As `/v1/chat/completions` takes them.")
                    ),
                    (
                        "parameters",
                        JSONSchema { $0.member("type", "object") }.described(
                            "Any other fields of `/v1/chat/completions`, such as temperature, tools, max_tokens."
                        )
                    ),
                    (
                        "project",
                        JSONSchema.text(1...60).described(
                            "The project that pays; needed of those who may make keys in several and not everywhere."
                        )
                    ),
                    (
                        "key",
                        JSONSchema.text(1...60).described(
                            "The id of a key whose project, models, owner and priority the request is to have."
                        )
                    ),
                    ("objective", JSONSchema.text(1...200).described("As the header x-sira-objective.")),
                ],
                optional: ["model", "route", "parameters", "project", "key", "objective"]
            )
            $0.details = """
                Takes the way of any request, with a key that is made for an hour in the name of who asks: limits, \
                budgets and books hold, and it costs what it costs. An answer of server-sent events: `start` (where it \
                goes), the chunks of a chat completion without a name, `end` (usage, cost, times), and `error` before \
                that where it breaks off. What is refused before the answer begins is refused as JSON.
                """
        }
    }
}
