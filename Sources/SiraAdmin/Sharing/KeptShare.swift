import SiraCore
import SiraStorage
import SiraTenancy

/// What is to be known of a share besides what it shows, by the digest of its link's text.
struct KeptShare: FieldGroup {
    var title = ""
    /// Who shared it, as in ``Author/actor``.
    var by = ""
    /// What its maker might do of what its questions need, when it was made; it never shows more than that.
    var grants: [KeptGrant] = []
    /// Where the admin token made it, what only that token and the link's text together amount to.
    var proof: KeyHash?
    var createdAt = Timestamp(microseconds: 0)
    var expiresAt = Timestamp(microseconds: 0)

    static var fields: [GroupField<Self>] {
        GroupField("title", \.title, .text(), "What the report is called.")
        GroupField("by", \.by, .text(), "Who shared it.")
        GroupField("grants", \.grants, .list(.object, 0...10_000), "What the one who shared it might see.")
        GroupField("proof", \.proof, .digest, "Of the admin token, where that shared it.")
        GroupField("created_at", \.createdAt, .time, "Since when.")
        GroupField("expires_at", \.expiresAt, .time, "Until when.")
    }

    /// What it may show.
    var authority: Authority { Authority(places: grants.map { ($0.scope, Set($0.permissions)) }) }
}

/// Permissions within one place.
struct KeptGrant: FieldGroup {
    var scope = Scope.gateway
    var permissions: [Permission] = []

    static var fields: [GroupField<Self>] {
        GroupField("scope", \.scope, .scope, "Where.")
        GroupField("permissions", \.permissions, .list(.permission), "What.")
    }
}

/// How often a share was opened, and from where of late.
struct KeptOpenings: FieldGroup {
    /// How often.
    var count = 0
    /// When last.
    var lastAt: Timestamp?
    /// Those that have a line in the trail, as far as they tell which others need none.
    var noted: [NotedOpening] = []

    /// Openings from one address within this time are one line of the trail.
    private static let pause = Duration.seconds(600)
    /// Addresses that are told apart within that time; each opening from yet others has a line.
    private static let most = 100

    static var fields: [GroupField<Self>] {
        GroupField("count", \.count, .integer(0...Int.max), "How often.")
        GroupField("last_at", \.lastAt, .time, "When last.")
        GroupField("noted", \.noted, .list(.object, 0...most), "Those that are in the trail.")
    }

    /// Counts an opening.
    ///
    /// - Returns: whether it is to have a line of its own in the trail.
    mutating func count(from address: String, at now: Timestamp) -> Bool {
        count += 1
        lastAt = now
        noted.removeAll { now >= $0.at.advanced(by: Self.pause) }
        guard !noted.contains(where: { $0.address == address }) else { return false }
        noted = noted.suffix(Self.most - 1) + [NotedOpening(address: address, at: now)]
        return true
    }
}

/// An opening that has a line in the trail.
struct NotedOpening: FieldGroup {
    var address = ""
    var at = Timestamp(microseconds: 0)

    init() {}

    init(address: String, at: Timestamp) {
        (self.address, self.at) = (address, at)
    }

    static var fields: [GroupField<Self>] {
        GroupField("address", \.address, .text(), "From where.")
        GroupField("at", \.at, .time, "When.")
    }
}

extension FieldKind where Value == KeyHash {
    /// A digest, as text.
    fileprivate static var digest: Self {
        FieldKind<String>.text(43...43).map(
            { Base64.decoded($0.utf8).flatMap { KeyHash(bytes: $0) } },
            orSay: "must be a digest",
            back: { Base64.encoded($0.bytes, isForURLs: true) }
        )
    }
}
