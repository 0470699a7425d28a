/// Where the gateway keeps what must not be lost.
package struct StorageSettings: Hashable, Sendable {
    /// Path of the directory of database and journal.
    package var directory = "./data"
    /// The journal in that directory.
    package var journal = JournalSettings()
    /// How long the database keeps what.
    package var retention = RetentionSettings()
    /// Answers that are kept for their clients.
    package var responses = ResponseSettings()

    package init() {}
}

extension StorageSettings: SettingsSection {
    static var summary: String { "Where the gateway keeps what must not be lost." }

    static var fields: [Field<Self>] {
        Field(
            "directory",
            \.directory,
            .path,
            variable: "SIRA_DATA_DIR",
            needsRestart: true,
            "Directory of the database and the journal. It is made if it does not exist."
        )
        Field("journal", \.journal, .section(), "The journal of usage records.")
        Field("retention", \.retention, .section(), "How long the database keeps what.")
        Field("responses", \.responses, .section(), "Answers of `/v1/responses` that are kept for their clients.")
    }
}
