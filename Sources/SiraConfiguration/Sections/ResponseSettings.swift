/// Answers that are kept so that clients can read them again and go on from them.
package struct ResponseSettings: Hashable, Sendable {
    package var isEnabled = true
    /// How long each is kept.
    package var keep = KeepingTime.limited(.seconds(30 * 86_400))
    /// The most bytes of an answer and the conversation that led to it.
    package var maxBytes = 4_000_000

    package init() {}
}

extension ResponseSettings: SettingsSection {
    static var summary: String {
        "Answers of `/v1/responses` that are kept, so that clients can read them again and go on from them."
    }

    static var fields: [Field<Self>] {
        Field(
            "enabled",
            \.isEnabled,
            .flag,
            """
            Whether answers are kept, texts of both sides included, unless a request says `store: false`. Without it \
            `previous_response_id` works only where one provider keeps both answers.
            """
        )
        Field(
            "keep",
            \.keep,
            .keepingTime,
            "How long an answer is kept. A change holds for answers from then on."
        )
        Field(
            "max_bytes",
            \.maxBytes,
            .size(1_024...64_000_000),
            "The most bytes of an answer and the conversation that led to it. Larger ones are not kept."
        )
    }
}
