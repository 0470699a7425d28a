import SiraCore
import SiraStorage
import SiraTenancy

/// A report that whoever has its link may read: which questions it answers, for how long, and in whose name.
struct ReportShare: FieldGroup {
    var title = ""
    /// How the page shows the answers; text of the page's own, which nothing here reads.
    var view = ""
    /// The questions, as paths of the admin API with their queries, in the page's order.
    var asks: [String] = []
    var days = 7

    /// The longest time that a link is good for, in days.
    static let longest = 90

    static var fields: [GroupField<Self>] {
        GroupField("title", \.title, .text(1...200), isRequired: true, "What the report is called.")
        GroupField(
            "view",
            \.view,
            .text(0...64_000),
            "How the page shows the answers; given back as it was sent."
        )
        GroupField(
            "asks",
            \.asks,
            .list(.text(1...2_000), 1...30),
            isRequired: true,
            "What the report shows: paths with queries, such as `/usage?since=2026-11-01T00:00:00Z&group_by=team`."
        )
        GroupField("days", \.days, .integer(1...longest), "How many days the link is good for; 7.")
    }
}

/// The text of a link to a share.
struct ShareToken: FieldGroup {
    var token = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField("token", \.token, .secret(1...100), isRequired: true, isSecret: true, "What the link ends with.")
    }
}
