import SiraJSON
import SiraTenancy

/// How experiments are made and ended.
package struct ExperimentSource: Sendable {
    package var create: EndpointAction
    package var stop: EndpointAction
    package var promote: EndpointAction

    package init(
        create: @escaping EndpointAction,
        stop: @escaping EndpointAction,
        promote: @escaping EndpointAction
    ) {
        self.create = create
        self.stop = stop
        self.promote = promote
    }
}

/// Experiments that are made, stopped and brought to their end in the console.
package struct ExperimentEndpoints: Sendable {
    private let source: ExperimentSource

    package init(_ source: ExperimentSource) {
        self.source = source
    }

    package var all: [Endpoint] { [create, stop, promote] }

    private static let write = Endpoint.Access.gateway(Permission(.routing, .write))
    private static let tag = "experiments"
    private static let name = ("name", JSONSchema.text(1...64))
    private static let version = ("version", JSONSchema.integer().described("Of the configuration."))
    private static let reason = JSONSchema.text(0...500).described("Why, for the audit log.")
    private static let arm = JSONSchema { json in
        json.array("anyOf") { list in
            list.object { $0.member("type", "string") }
            list.object { $0.member("type", "object") }
        }
    }

    private var create: Endpoint {
        Endpoint(
            .post,
            "/experiments",
            name: "create_experiment",
            tag: Self.tag,
            "Begin an experiment",
            access: Self.write,
            answer: .object([Self.name, Self.version]),
            handle: source.create
        ).with {
            $0.status = 201
            $0.body = .object(
                [
                    ("name", JSONSchema.text(1...64).described("Lower case letters, digits and hyphens.")),
                    ("kind", .word(["split", "canary", "shadow"])),
                    ("models", JSONSchema.list(.text(1...500), 1...100).described("Names whose requests it is about.")),
                    (
                        "arms",
                        JSONSchema.list(Self.arm, 2...20).described(
                            "Names that those requests go to, or objects of `model` and `weight`; the first is what "
                                + "the others are compared with."
                        )
                    ),
                    ("share", JSONSchema.anything.described("In a shadow: how much is copied, such as 5%.")),
                    (
                        "canary",
                        JSONSchema { $0.member("type", "object") }.described(
                            "In a canary: `experiments.<name>.canary`."
                        )
                    ),
                    ("reason", Self.reason),
                ],
                optional: ["share", "canary", "reason"]
            )
        }
    }

    private var stop: Endpoint {
        Endpoint(
            .post,
            "/experiments/{id}/stop",
            name: "stop_experiment",
            tag: Self.tag,
            "End an experiment: requests go where they went before",
            access: Self.write,
            answer: .object([Self.name, Self.version]),
            handle: source.stop
        ).with {
            $0.body = .object([("reason", Self.reason)], optional: ["reason"])
            $0.isBodyOptional = true
            $0.details =
                "`id` is its name. One of the configuration file is taken out of force, and stays written there."
        }
    }

    private var promote: Endpoint {
        Endpoint(
            .post,
            "/experiments/{id}/promote",
            name: "promote_experiment",
            tag: Self.tag,
            "End an experiment: all its requests go to one of its arms from now on",
            access: Self.write,
            answer: .object([Self.name, Self.version, ("model", .text(1...500))]),
            handle: source.promote
        ).with {
            $0.body = .object(
                [
                    ("arm", JSONSchema.integer(0...19).described("Its place among the arms; the second without it.")),
                    ("reason", Self.reason),
                ],
                optional: ["arm", "reason"]
            )
            $0.isBodyOptional = true
            $0.details = """
                Names that are aliases, or models of the catalogue, become aliases of the arm; of a route the arm becomes \
                the only target, and its rules are taken away.
                """
        }
    }
}
