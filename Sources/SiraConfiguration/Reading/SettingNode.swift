/// A value as it is written in the file, before it is known what it should be.
///
/// Texts are kept as they are written: `no`, `1e3` and `1.50` are those characters, not a truth or a number.
struct SettingNode: Sendable {
    var content: Content
    /// nil for values that come from the environment or from a layer.
    var place: SettingsOrigin.Place?
    /// Whether a ``SettingsLayer`` says it.
    var isOfLayer = false

    indirect enum Content: Sendable {
        /// Nothing, `~` or `null`: as if the field were absent.
        case empty
        case scalar(String)
        case list([SettingNode])
        case map([Member])
    }

    /// One field of a mapping.
    struct Member: Sendable {
        var key: String
        /// Of the key.
        var place: SettingsOrigin.Place?
        var value: SettingNode
    }

    /// What it is, for messages about what it should be.
    var found: String {
        switch content {
        case .empty: "nothing"
        case .scalar(let text): text.isEmpty ? "an empty text" : "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
