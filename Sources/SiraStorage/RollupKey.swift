package import SiraCore

/// What a roll-up's line is about.
///
/// All records with the same facts are summed in it.
package struct RollupKey: Hashable, Sendable {
    package var period: RollupPeriod
    package var view = RollupView.whole
    /// When the slice of time begins.
    package var start: Timestamp
    /// Empty in the lines that count every record once; each of a record's tags counts it once more, and so does its
    /// end user, as a tag that begins with ``userPrefix``.
    package var tag = ""
    /// What the view leaves out is empty, here and below.
    package var organization = ""
    package var team = ""
    package var project = ""
    package var key = ""
    /// Empty for records that reached no provider, and ``other`` for attempts that failed without using anything
    /// and whose model is not listed: their names are whatever the client made up, and lines would grow without bound.
    package var requestedModel = ""
    package var provider = ""
    /// Empty and ``other`` as for ``requestedModel``.
    package var model = ""

    /// Stands for all model names that clients made up and that no provider has answered to, and for the end users
    /// beyond those that an hour counts by name.
    package static let other = "other"

    /// What the tags that stand for end users begin with.
    ///
    /// Keys' own tags of that form are not counted.
    package static let userPrefix = "user:"

    package init(_ record: UsageRecord, period: RollupPeriod, tag: String = "") {
        self.period = period
        start = period.start(of: record.startedAt)
        self.tag = tag
        organization = record.organization
        team = record.team
        project = record.project
        key = record.key
        provider = record.provider
        let isMadeUp = !record.isModelListed && record.outcome != .ok && record.usage == Usage()
        if record.provider.isEmpty {
            model = record.model
        } else {
            requestedModel = isMadeUp ? Self.other : record.requestedModel
            model = isMadeUp ? Self.other : record.model
        }
    }

    /// What lines of a view and period are about, apart from what `line` says.
    init(_ period: RollupPeriod, _ view: RollupView, _ line: RollupLine) {
        self.period = period
        self.view = view
        start = line.start ?? Timestamp(microseconds: 0)
        tag = line.tag ?? ""
        organization = line.organization ?? ""
        team = line.team ?? ""
        project = line.project ?? ""
        key = line.key ?? ""
        requestedModel = line.requestedModel ?? ""
        provider = line.provider ?? ""
        model = line.model ?? ""
    }

    /// Whether it stands for an end user.
    package var isOfUser: Bool { tag.hasPrefix(Self.userPrefix) }

    /// The line of another period and view in which this one of minutes and the whole view is counted.
    func widened(to period: RollupPeriod, _ view: RollupView) -> RollupKey {
        var key = self
        key.period = period
        key.start = period.start(of: start)
        key.view = view
        if view == .supply { (key.organization, key.team, key.project, key.key) = ("", "", "", "") }
        if view == .demand { (key.requestedModel, key.provider, key.model) = ("", "", "") }
        return key
    }
}
