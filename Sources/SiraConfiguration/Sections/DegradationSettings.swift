import SiraCore
package import SiraRouting

extension DegradationPolicy: SettingsSection {
    static var summary: String { "When a route's requests go to cheaper models." }

    static var fields: [Field<Self>] {
        Field(
            "cost_per_hour",
            \.hourlyCost,
            .dollars,
            absent: "no limit",
            example: "20.00",
            "What the route's requests may cost in an hour."
        )
        Field(
            "requests_per_minute",
            \.requestsPerMinute,
            .integer(1...100_000_000),
            absent: "no limit",
            example: "600",
            "How many requests the route may have in a minute."
        )
        Field(
            "models",
            \.models,
            .names(1...20),
            example: "[gpt-4.1-nano]",
            isRequired: true,
            "Models and routes that are asked instead beyond either limit, in this order."
        )
    }

    private var hourlyCost: NanoUSD? {
        get { costPerHour.map { NanoUSD(nanos: $0) } }
        set { costPerHour = newValue?.nanos }
    }
}
