package import SiraAlerts
import SiraCore
import SiraJSON
package import SiraStorage
import SiraTenancy

/// How alerts stand.
package struct AlertOverview: Sendable {
    package var rules: [AlertRule]
    package var conditions: [AlertCondition]
    /// The newest first.
    package var told: [Alert]
    /// What has become of messages, by channel.
    package var counts: [String: DeliveryCounts]
    package var waiting: [String: Int]

    package init(
        rules: [AlertRule],
        conditions: [AlertCondition],
        told: [Alert],
        counts: [String: DeliveryCounts],
        waiting: [String: Int]
    ) {
        self.rules = rules
        self.conditions = conditions
        self.told = told
        self.counts = counts
        self.waiting = waiting
    }
}

/// What fires, and trials of channels.
package struct AlertEndpoints: Sendable {
    private let desk: ResourceDesk
    private let overview: @Sendable () async -> AlertOverview
    private let tryOut: @Sendable (String) async -> DeliveryVerdict?

    /// - Parameter tryOut: sends a message to the channel of that id; nil where there is none.
    package init(
        desk: ResourceDesk,
        overview: @escaping @Sendable () async -> AlertOverview,
        tryOut: @escaping @Sendable (String) async -> DeliveryVerdict?
    ) {
        self.desk = desk
        self.overview = overview
        self.tryOut = tryOut
    }

    package var all: [Endpoint] { [list, test] }

    private static let object = JSONSchema { $0.member("type", "object") }

    private var list: Endpoint {
        Endpoint(
            .get,
            "/alerts",
            name: "list_alerts",
            tag: "alerts",
            "Show what is bad, what was told of late, and how messages get on",
            access: .gateway(Permission(.alerts, .read)),
            answer: .object([
                (
                    "conditions",
                    JSONSchema.list(Self.object).described("What is pending or firing, by rule and subject.")
                ),
                ("recent", JSONSchema.list(Self.object).described("What was told, the newest first.")),
                (
                    "rules",
                    JSONSchema.list(Self.object).described(
                        "The rules in force; those that nobody made begin with usual:."
                    )
                ),
                ("deliveries", JSONSchema.list(Self.object).described("What has become of messages, by channel.")),
            ])
        ) { [overview] _ in
            let overview = await overview()
            var json = JSONWriter(capacity: 8_192)
            json.object { json in
                json.array("conditions") { list in
                    for condition in overview.conditions where condition.phase != .resting {
                        list.object { condition.write(to: &$0) }
                    }
                }
                json.array("recent") { list in for alert in overview.told { list.object { alert.write(to: &$0) } } }
                json.array("rules") { list in for rule in overview.rules { list.object { rule.write(to: &$0) } } }
                json.array("deliveries") { list in
                    for (id, counts) in overview.counts.sorted(by: { $0.key < $1.key }) {
                        list.object { Self.write(counts, of: id, overview.waiting[id] ?? 0, to: &$0) }
                    }
                }
            }
            return EndpointReply(json.bytes)
        }
    }

    private static func write(_ counts: DeliveryCounts, of id: String, _ waiting: Int, to json: inout JSONWriter) {
        json.member("channel", id)
        json.member("waiting", waiting)
        json.member("delivered", counts.delivered)
        json.member("failed_tries", counts.failures)
        json.member("given_up", counts.dead)
        json.member("dropped", counts.shed + counts.superseded)
        if let failure = counts.lastFailure { json.member("last_failure", failure) } else { json.null("last_failure") }
    }

    private var test: Endpoint {
        Endpoint(
            .post,
            "/alert-channels/{id}/test",
            name: "test_alert_channel",
            tag: "alert_channels",
            "Send a message to a channel to try it out",
            access: .gateway(Permission(.alerts, .write)),
            answer: .object([
                ("delivered", .boolean),
                ("failure", JSONSchema.text().orNull.described("Why it did not arrive.")),
            ])
        ) { [desk, tryOut] request in
            _ = try await desk.resource(.alertChannel, request.id, for: request.author)
            let verdict =
                await tryOut(request.id) ?? .refused(reason: "the channel is not in use yet, or mail is not set up")
            var json = JSONWriter()
            json.object { json in
                json.member("delivered", verdict == .delivered)
                switch verdict {
                case .delivered: json.null("failure")
                case .retry(let reason, _), .refused(let reason): json.member("failure", reason)
                }
            }
            return EndpointReply(json.bytes)
        }
    }
}
