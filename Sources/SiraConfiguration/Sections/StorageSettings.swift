/// Where the gateway keeps what must not be lost.
package struct StorageSettings: Hashable, Sendable {
    /// Path of the directory of database and journal.
    package var directory = "./data"
    package var journal = JournalSettings()

    package init() {}
}
