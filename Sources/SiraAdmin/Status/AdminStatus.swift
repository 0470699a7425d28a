package import SiraCore
package import SiraTelemetry

/// What is running, as the admin page and `/api/status` say it.
///
/// Holds no secrets.
package struct AdminStatus: Sendable {
    package var version: String
    package var startedAt: Timestamp
    package var now: Timestamp
    /// Why no requests should be sent here now; empty when ready.
    package var obstacles: [String] = []
    /// What is in the database and cannot be used, such as a budget that a newer version has written.
    package var problems: [String] = []
    package var listeners: [ListenerStatus] = []
    package var lanes = 0
    package var providers: [ProviderStatus] = []
    /// Models that can be asked for, and keys that may ask.
    package var modelCount = 0
    package var keyCount = 0
    /// From the roll-ups; nil while they cannot be read.
    package var today: TodayStatus?
    /// Counted since the start.
    package var totals = MetricTotals()
    package var journal = JournalStatus()
    package var configuration = ConfigurationStatus()

    package init(version: String, startedAt: Timestamp, now: Timestamp) {
        self.version = version
        self.startedAt = startedAt
        self.now = now
    }
}

/// One socket that accepts connections.
package struct ListenerStatus: Sendable {
    /// What it is for, such as `api` or `admin`.
    package var name: String
    /// Address and port, such as `0.0.0.0:8080`.
    package var address: String
    package var isEncrypted: Bool

    package init(name: String, address: String, isEncrypted: Bool) {
        self.name = name
        self.address = address
        self.isEncrypted = isEncrypted
    }
}

/// One configured provider.
package struct ProviderStatus: Sendable {
    /// Whether the provider can be asked as far as keys are concerned.
    package enum Credential: String, Sendable {
        case present, missing
        /// The provider asks for none, as local ones do.
        case unneeded
    }

    package var id: String
    /// The protocol it speaks, such as `anthropic`.
    package var wireProtocol: String
    /// Host and port, without path, user or key.
    package var address: String
    package var credential: Credential
    package var modelCount: Int
    /// Of each of its models that is ill or out of use: which, and why.
    package var ailments: [String] = []

    package init(id: String, wireProtocol: String, address: String, credential: Credential, modelCount: Int) {
        self.id = id
        self.wireProtocol = wireProtocol
        self.address = address
        self.credential = credential
        self.modelCount = modelCount
    }
}

/// What the roll-ups say of the current day.
package struct TodayStatus: Sendable {
    /// The day, in UTC.
    package var day: CalendarDay
    package var requests = 0
    package var failures = 0
    package var inputTokens = 0
    package var outputTokens = 0
    /// The sum of what is known.
    package var cost = NanoUSD.zero
    package var unknownCostRequests = 0

    package init(day: CalendarDay) {
        self.day = day
    }
}

/// What is written to the journal and not in the database yet.
package struct JournalStatus: Sendable {
    package var bytes = 0
    package var records = 0
    /// The age of the oldest record in seconds; nil when there is none.
    package var oldestSeconds: Double?
    /// Calls that create, write or force to the disk and failed, since the start.
    package var writeErrors = 0
    /// Files that were put aside because not all of them could be booked.
    package var damagedSegments = 0
    /// Whether the journal is over its size limit, or cannot be written.
    package var isAlarming = false

    package init() {}
}

/// The configuration in force and how its last reload went.
package struct ConfigurationStatus: Sendable {
    /// The file's path; nil when there is no file.
    package var path: String?
    /// When the configuration in force was loaded.
    package var loadedAt: Timestamp?
    /// What was wrong with the last reload, with line and field; nil when it went well.
    package var reloadError: String?
    package var reloadFailedAt: Timestamp?

    package init() {}
}
