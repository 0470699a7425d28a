import SiraJSON

/// What a check found.
struct Finding: Hashable, Sendable {
    /// How bad it is.
    enum Level: String, Sendable {
        case ok, warn, fail
    }

    let level: Level
    /// What was looked at, in a word.
    let check: String
    /// What was found.
    let message: String
    /// What to do about it; nil where nothing is to be done.
    let remedy: String?

    init(_ level: Level, _ check: String, _ message: String, remedy: String? = nil) {
        self.level = level
        self.check = check
        self.message = message
        self.remedy = remedy
    }

    /// The line for people.
    var line: String {
        let label = level.rawValue + String(repeating: " ", count: 6 - level.rawValue.count)
        let name = check + String(repeating: " ", count: max(1, 15 - check.count))
        return label + name + message + (remedy.map { " → \($0)" } ?? "")
    }

    func write(to json: inout JSONWriter) {
        json.member("level", level.rawValue)
        json.member("check", check)
        json.member("message", message)
        json.member("remedy", optional: remedy)
    }
}
