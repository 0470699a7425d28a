package import SiraHealth
package import SiraRouting
package import SiraSignals

/// How requests are tried again, and what is known of deployments, over all of the process.
package struct RoutingSettings: Hashable, Sendable {
    /// When a request is sent again; a route may say otherwise for its own.
    package var retry = RetryPolicy()
    /// How long an attempt may take to its first content; a route may say otherwise for its own.
    package var firstToken = FirstTokenSettings()
    /// When a deployment or a key is left alone.
    package var health = HealthPolicy()
    /// What is kept of choices.
    package var decisions = DecisionSettings()
    /// The models among which `auto` chooses.
    package var auto = AutoSettings()

    package init() {}
}

extension RoutingSettings: SettingsSection {
    static var summary: String { "How requests find their way, over all of the process." }

    static var fields: [Field<Self>] {
        Field("retry", \.retry, .section(), "When a request is sent again.")
        Field(
            "first_token",
            \.firstToken,
            .section(),
            "How long an attempt may take to its first content before another deployment is asked instead."
        )
        Field("health", \.health, .section(), "When a deployment, or a key of one, is left alone, and for how long.")
        Field("decisions", \.decisions, .section(), "The record of why each request went where it went.")
        Field(
            "auto",
            \.auto,
            .section(),
            "The models among which the model name `auto` chooses, in place of those that Sira sorts into tiers itself."
        )
    }
}

/// What is kept of choices.
package struct DecisionSettings: Hashable, Sendable {
    /// How long; nil is not at all.
    package var keep: Duration? = .seconds(7 * 86_400)

    package init() {}
}

extension DecisionSettings: SettingsSection {
    static var summary: String { "The record of why each request went where it went." }

    static var fields: [Field<Self>] {
        Field(
            "keep",
            \.keep,
            .scalar(.duration(.seconds(3_600) ... .seconds(3_650 * 86_400)), or: "off"),
            needsRestart: true,
            "How long it is kept. `off` writes none; the header fields of answers tell the choice all the same."
        )
    }
}

/// The models of each tier, where the operator says.
package struct AutoSettings: Hashable, Sendable {
    /// Empty leaves the tier to price and quality, as for the others.
    package var economy: [String] = []
    package var balanced: [String] = []
    package var quality: [String] = []
    package var long: [String] = []

    package init() {}

    /// The models of each tier for which there is a list.
    package var models: [Tier: [String]] {
        let lists: [Tier: [String]] = [.economy: economy, .balanced: balanced, .quality: quality, .long: long]
        return lists.filter { !$0.value.isEmpty }
    }
}

extension AutoSettings: SettingsSection {
    static var summary: String { "The models of each tier. A tier without a list is filled by price and quality." }

    static var fields: [Field<Self>] {
        Field("economy", \.economy, .names(), example: "[gpt-4o-mini]", "Cheap and quick models.")
        Field("balanced", \.balanced, .names(), example: "[gpt-4.1]", "Models for most requests.")
        Field("quality", \.quality, .names(), example: "[claude-opus-5-5]", "The best models, whatever they cost.")
        Field("long", \.long, .names(), example: "[gpt-4.1-mini]", "Models that can read very long prompts.")
    }
}
