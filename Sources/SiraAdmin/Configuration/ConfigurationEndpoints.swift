import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// The configuration as it is shown and changed while the gateway runs.
package struct ConfigurationEndpoints: Sendable {
    private let source: ConfigurationSource

    package init(_ source: ConfigurationSource) {
        self.source = source
    }

    package var all: [Endpoint] { [show, check, apply, versions, restore] }

    private static let read = Endpoint.Access.gateway(Permission(.settings, .read))
    private static let write = Endpoint.Access.gateway(Permission(.settings, .write))
    private static let tag = "configuration"

    private static let version = JSONSchema.integer(0...Int64.max).described(
        "Counts the changes that were made here; 0 where there was none."
    )
    private static let patch = JSONSchema { $0.member("type", "object") }.described(
        "A merge patch (RFC 7396) in the words of the configuration file: null takes a value away."
    )
    private static let reset = JSONSchema.list(.text(1...500), 0...200).described(
        "Dotted paths at which nothing is to be changed any more, so that the file's words hold again."
    )
    private static let reason = JSONSchema.text(0...500).described("Why, for the audit log.")
    private static let changes = JSONSchema.list(
        .object([
            ("path", .text(1...10_000)),
            ("before", JSONSchema.anything.described("null where nobody had given it.")),
            ("after", JSONSchema.anything.described("null where nobody gives it any more.")),
        ])
    )
    private static let made = JSONSchema.object([("version", version)])

    private var show: Endpoint {
        Endpoint(
            .get,
            "/configuration",
            name: "get_configuration",
            tag: Self.tag,
            "Show the settings in force and where each comes from",
            access: Self.read,
            answer: .object([
                ("version", Self.version),
                (
                    "settings",
                    JSONSchema { $0.member("type", "object") }.described(
                        "All fields with their values as they are written; ••• stands for a secret."
                    )
                ),
                (
                    "origins",
                    JSONSchema.map(of: .word(["file", "environment", "console"])).described(
                        "Dotted path → who gave the value; what is not here has its default."
                    )
                ),
                ("locked", JSONSchema.list(.text(1...500)).described("Paths that cannot be changed here.")),
                (
                    "lock_reasons",
                    JSONSchema.map(of: .text(1...200)).described(
                        "Why: only the file can say it, it takes effect only at a restart, or a variable says it."
                    )
                ),
                (
                    "file",
                    JSONSchema.text(0...4_096).orNull.described("The configuration file; null where there is none.")
                ),
                (
                    "problem",
                    JSONSchema.text(0...10_000).orNull.described("Why what was changed here is not in force.")
                ),
            ])
        ) { [source] _ in EndpointReply(try await source.view()) }.with {
            $0.details = """
                What is changed here lies over the configuration file and below the variables of the environment. \
                Secrets are kept sealed and never shown.
                """
        }
    }

    private var check: Endpoint {
        Endpoint(
            .post,
            "/configuration/check",
            name: "check_configuration",
            tag: Self.tag,
            "Say what a change would come to, without making it",
            access: Self.write,
            answer: .object([
                ("errors", .list(.object([("path", .text(0...10_000)), ("message", .text(0...10_000))]))),
                ("changes", Self.changes),
                ("warnings", JSONSchema.list(.text(0...10_000)).described("What is odd but would work.")),
                ("version", Self.version),
            ])
        ) { [source] request in
            EndpointReply(try await source.check(try Self.change(request, ["patch", "reset"])))
        }.with {
            $0.body = .object([("patch", Self.patch), ("reset", Self.reset)], optional: ["patch", "reset"])
            $0.details = "Finds all that `sira check` finds, and what cannot be changed while the gateway runs."
        }
    }

    private var apply: Endpoint {
        Endpoint(
            .post,
            "/configuration/apply",
            name: "apply_configuration",
            tag: Self.tag,
            "Change the configuration",
            access: Self.write,
            answer: Self.made
        ) { [source] request in
            var change = try Self.change(request, ["patch", "reset", "base_version", "reason"])
            change.base = change.base ?? request.version
            guard change.base != nil else {
                throw EndpointError(
                    422,
                    "invalid_fields",
                    "base_version: is missing; say which version the change was made for.",
                    fields: [FieldProblem("base_version", "is missing; say which version the change was made for")]
                )
            }
            return Self.reply(try await source.apply(change))
        }.with {
            $0.body = .object(
                [
                    ("patch", Self.patch), ("reset", Self.reset), ("base_version", Self.version),
                    ("reason", Self.reason),
                ],
                optional: ["patch", "reset", "reason", "base_version"]
            )
            $0.details = """
                In force at once on every lane, and after a restart. Refused as a whole where anything would be wrong, \
                and where somebody else has changed something since `base_version`, for which `If-Match` can stand.
                """
            $0.isVersioned = true
        }
    }

    private var versions: Endpoint {
        Endpoint(
            .get,
            "/configuration/versions",
            name: "list_configuration_versions",
            tag: Self.tag,
            "List what was changed of the configuration",
            access: Self.read,
            answer: .object([
                (
                    "versions",
                    .list(
                        .object([
                            ("version", Self.version), ("at", .time), ("actor", .text()), ("reason", .text()),
                            ("changes", Self.changes),
                        ])
                    )
                ),
                ("next", JSONSchema.integer().orNull.described("What `before` is to be for earlier ones.")),
            ])
        ) { [source] request in
            let before = request.query["before"].flatMap { Int64($0) }
            let found = try await source.versions(before, request.limit + 1)
            let page = found.prefix(request.limit)
            var json = JSONWriter(capacity: 4_096)
            json.object { json in
                json.array("versions") { list in
                    for version in page { list.object { Self.write(version, to: &$0) } }
                }
                if found.count > page.count, let last = page.last {
                    json.member("next", last.number)
                } else {
                    json.null("next")
                }
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "The newest first. The newest \(ConfigurationVersion.kept) are kept."
            $0.parameters = [
                .limit, EndpointParameter("before", .integer(1...Int64.max), "Only versions before this one."),
            ]
        }
    }

    private var restore: Endpoint {
        Endpoint(
            .post,
            "/configuration/versions/{version}/restore",
            name: "restore_configuration",
            tag: Self.tag,
            "Put an earlier version into force again",
            access: Self.write,
            answer: Self.made
        ) { [source] request in
            guard let number = request.variables["version"].flatMap({ Int64($0) }) else {
                throw EndpointError(404, "not_found", "A version is a number.")
            }
            var change = try Self.change(request, ["base_version", "reason"])
            change.base = change.base ?? request.version
            return Self.reply(try await source.restore(number, change))
        }.with {
            $0.body = .object(
                [("base_version", Self.version), ("reason", Self.reason)],
                optional: ["base_version", "reason"]
            )
            $0.isBodyOptional = true
            $0.details = "It becomes a new version, and is held to what is right today. 0 takes back all changes."
            $0.isVersioned = true
        }
    }

    // MARK: bodies

    private static func change(_ request: EndpointRequest, _ known: [String]) throws -> ConfigurationChange {
        try ReportBody.read(request.body, known) { body in
            var change = ConfigurationChange(author: request.author)
            if let patch = body["patch"] {
                if patch.kind == .object {
                    change.patch = patch.rawJSON.bytes
                } else {
                    body.problem("patch", "must be an object in the words of the configuration file")
                }
            }
            if let reset = body["reset"] {
                let paths = reset.kind == .array ? reset.elements.map { $0.string ?? "" } : [""]
                if paths.contains("") || paths.count > 200 {
                    body.problem("reset", "must be a list of dotted paths, at most 200")
                } else {
                    change.reset = paths
                }
            }
            change.base = body.integer("base_version", 0...Int64.max)
            if body["reason"]?.string != "", let reason = body.text("reason") {
                if reason.utf8.count > 500 { body.problem("reason", "must have at most 500 bytes") }
                change.author.reason = reason
            }
            return change
        }
    }

    private static func reply(_ version: Int64) -> EndpointReply {
        var json = JSONWriter()
        json.object { $0.member("version", version) }
        return EndpointReply(json.bytes, version: version)
    }

    private static func write(_ version: ConfigurationVersion, to json: inout JSONWriter) {
        json.member("version", version.number)
        json.member("at", version.at.description)
        json.member("actor", version.actor)
        json.member("reason", version.reason)
        json.member("changes", RawJSON(bytes: version.changes))
    }
}
