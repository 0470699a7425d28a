package import SiraCore

/// Where the ledger's lines are kept, and with them the roll-ups that reports read.
package protocol UsageStore: Sendable {
    /// Keeps the records and counts them into the roll-ups: all of it or nothing, durably once it returns.
    ///
    /// A record whose request and attempt are there already is passed over, so that records may be handed in again.
    ///
    /// - Returns: how many were new.
    func insert(_ records: [UsageRecord]) async throws -> Int

    /// The records of one request in the order of its attempts; empty when there are none.
    func records(of request: RequestID) async throws -> [UsageRecord]

    /// The records that pass the filter, newest first.
    func records(_ filter: UsageFilter) async throws -> [UsageRecord]
}

/// Which records are asked for.
///
/// What is nil is not looked at.
package struct UsageFilter: Hashable, Sendable {
    /// Requests that arrived at this time or later.
    package var since: Timestamp?
    /// Requests that arrived before this time.
    package var until: Timestamp?
    package var organization: String?
    package var team: String?
    package var project: String?
    package var key: String?
    package var user: String?
    /// A tag that is among the record's.
    package var tag: String?
    package var requestedModel: String?
    package var provider: String?
    package var model: String?
    package var outcome: Outcome?
    /// Only what comes after this record, in the order of the answer: pass the last one of a page for the next.
    package var after: UsageCursor?
    /// At most so many.
    package var limit = 100

    package init() {}
}

/// A place in the order of records.
package struct UsageCursor: Hashable, Comparable, Sendable {
    package var startedAt: Timestamp
    package var request: RequestID
    package var attempt: Int

    package init(_ record: UsageRecord) {
        startedAt = record.startedAt
        request = record.request
        attempt = record.attempt
    }

    package static func < (left: UsageCursor, right: UsageCursor) -> Bool {
        (left.startedAt, left.request, left.attempt) < (right.startedAt, right.request, right.attempt)
    }
}

extension UsageFilter {
    /// Whether the record is one of those asked for, the limit left aside.
    package func matches(_ record: UsageRecord) -> Bool {
        if let since, record.startedAt < since { return false }
        if let until, record.startedAt >= until { return false }
        if let organization, record.organization != organization { return false }
        if let team, record.team != team { return false }
        if let project, record.project != project { return false }
        if let key, record.key != key { return false }
        if let user, record.user != user { return false }
        if let tag, !record.tags.contains(tag) { return false }
        if let requestedModel, record.requestedModel != requestedModel { return false }
        if let provider, record.provider != provider { return false }
        if let model, record.model != model { return false }
        if let outcome, record.outcome != outcome { return false }
        if let after, UsageCursor(record) >= after { return false }
        return true
    }
}
