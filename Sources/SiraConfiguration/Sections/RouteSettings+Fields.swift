import SiraRouting

extension RouteSettings: SettingsSection {
    static var summary: String { "One route." }

    static var fields: [Field<Self>] {
        Field(
            "targets",
            \.targets,
            .list(of: .routeTarget, count: 1...100, distinctBy: { $0.model }),
            example: "[{model: gpt-4.1, weight: 9}, gpt-4.1-mini]",
            isRequired: true,
            """
            Models, aliases or routes, each by its name or with a `weight`, which is 1 unless it is given. A name that \
            several providers serve stands for all of them.
            """
        )
        Field(
            "strategy",
            \.strategy,
            .word,
            absent: "`priority`",
            example: "blend",
            """
            How one of the targets is chosen: in the order in which they stand (`priority`), by chance as their \
            weights say (`weighted`), in turn (`round_robin`), by the fewest requests in flight (`least_in_flight`), the \
            faster of two that are drawn (`latency`), by what the request would cost (`cheapest`), by the time to the \
            first token (`first_token`), by tokens in a second (`throughput`), by the model's `quality`, the same one \
            for the same conversation (`sticky`), or by several of these at once (`blend`). The others follow when it \
            fails.
            """
        )
        Field(
            "sticky_by",
            \.stickyBy,
            .word,
            absent: "`session`",
            """
            What stays with one target where a strategy is `sticky`: the conversation or user that the client names \
            (`session`), or the beginning of the prompt, for the sake of the provider's cache (`prefix`).
            """
        )
        Field("blend", \.blend, .section(), "How much each side counts where a strategy is `blend`.")
        Field(
            "rules",
            \.rules,
            .list(of: .section(), count: 0...100),
            example: "[{if: tokens > 8k, targets: [gpt-4.1-mini], strategy: cheapest}]",
            """
            Conditions on requests. The first that holds says which targets remain, or how one of them is chosen; where \
            none holds, the route's own fields do.
            """
        )
        Field(
            "fallbacks",
            \.fallbacks,
            .names(0...20),
            example: "[claude-sonnet-5-5]",
            "Models and routes that are asked when all targets have failed, in this order."
        )
        Field(
            "on_context_length",
            \.onContextLength,
            .names(0...20),
            example: "[gpt-4.1-mini]",
            "The same where the prompt is too long for the targets."
        )
        Field(
            "on_content_filter",
            \.onContentFilter,
            .names(0...20),
            example: "[claude-haiku-4-5]",
            "The same where a target declined to answer because of the prompt's content."
        )
        Field("retry", \.retry, .section(), "When a request of the route is sent again.")
        Field(
            "first_token",
            \.firstToken,
            .firstTokenLimit,
            absent: "`routing.first_token.limit`",
            example: "adaptive",
            """
            How long an attempt may take to its first content before the next deployment is asked instead: \
            `adaptive`, `off` or a time, as `routing.first_token.limit` says.
            """
        )
        Field(
            "hedge",
            \.hedge,
            .hedge,
            """
            Whether a second attempt is made at another deployment while the first has not begun to answer; the faster \
            one counts, and the other is given up, which may cost something. `true` is `{after: p95, extra_cost: 5%}`: \
            `after` is how long the first may take, as a time or by the deployment's own 95th percentile, and \
            `extra_cost` the most that second attempts may add to what requests cost.
            """
        )
        Field(
            "parallel",
            \.parallel,
            .integer(1...4),
            "How many deployments are asked at once, the first to answer being the one that counts. All are paid for."
        )
        Field(
            "continue_streams",
            \.continuesStreams,
            .flag,
            "Whether a stream that breaks off is gone on with by another attempt, which is given what came so far."
        )
        Field(
            "deadline",
            \.deadline,
            .duration(.milliseconds(100) ... .seconds(86_400)),
            absent: "none",
            example: "30s",
            "The longest time from a request's arrival to the first content, all attempts together."
        )
        Field(
            "degrade",
            \.degradation,
            .section(),
            absent: "never",
            "When the route's requests go to cheaper models, so that a rush does not become a bill."
        )
    }
}
