import SiraAdmin
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy
import Synchronization

/// Changes the configuration while the gateway runs, one change after another.
///
/// Each is held to all that `sira check` looks at before it is kept, and is in force on every lane once it is.
actor ConfigurationDesk {
    /// Makes another layer of the one there is.
    typealias Alteration = @Sendable (SettingsLayer) throws -> SettingsLayer

    nonisolated let vault: LayerVault
    nonisolated let environment: Environment
    nonisolated let clock: GatewayClock
    private let watcher: WatcherReference
    /// The settings in force.
    nonisolated let settings: @Sendable () -> Settings
    /// Why the layer was passed over at the start.
    private let startProblem: String?
    /// Waits until every lane goes by what was taken over.
    private let settled: @Sendable () async -> Void
    private var last: Task<Void, Never>?

    init(
        vault: LayerVault,
        watcher: WatcherReference,
        environment: Environment,
        settings: @escaping @Sendable () -> Settings,
        startProblem: String?,
        clock: GatewayClock,
        settled: @escaping @Sendable () async -> Void
    ) {
        self.vault = vault
        self.watcher = watcher
        self.environment = environment
        self.settings = settings
        self.startProblem = startProblem
        self.clock = clock
        self.settled = settled
    }

    /// Why what was changed is not in force; nil where it is.
    nonisolated var problem: String? {
        guard let startProblem, watcher.value?.ignoresLayer == true else { return nil }
        return startProblem
    }

    /// The settings in force as a document.
    nonisolated var document: SettingsDocument { SettingsDocument(settings(), environment: environment) }

    /// What the settings would be without a change.
    ///
    /// That is what the file says now, not what is in force: whoever makes a change is not told to have changed what was
    /// written into the file a moment ago.
    nonisolated func document(before layer: SettingsLayer?) -> SettingsDocument {
        guard let layer, let settings = try? watcher.value?.preview(layer) else { return document }
        return SettingsDocument(settings, environment: environment)
    }

    /// The newest version's number, and its layer.
    nonisolated func current() async throws -> (version: Int64, layer: SettingsLayer) {
        let newest = try await newest()
        return (newest.number, try newest.layer.get())
    }

    /// The newest version's number, and its layer where that can be read.
    nonisolated func newest() async throws -> (number: Int64, layer: Result<SettingsLayer, EndpointError>) {
        guard let version = try await vault.store.latest() else { return (0, .success(.empty)) }
        return (version.number, Result { () throws(EndpointError) in try layer(of: version) })
    }

    /// The layer of a version.
    nonisolated func layer(of version: ConfigurationVersion) throws(EndpointError) -> SettingsLayer {
        do throws(LayerFault) {
            return try vault.layer(of: version)
        } catch {
            let message =
                "Version \(version.number) of the configuration cannot be read, since it \(error): restore another one, "
                + "or 0."
            throw EndpointError(409, "unreadable", message)
        }
    }

    /// What a layer would come to.
    ///
    /// - Throws: ``ConfigurationErrors`` with all that is wrong.
    nonisolated func proposal(_ layer: SettingsLayer) throws -> Proposal {
        guard let watcher = watcher.value else {
            throw EndpointError(503, "starting", "The gateway has not started yet.")
        }
        let json = layer.json
        // What can be kept must be readable again: parts that are small enough may be too much together.
        guard json.count <= SettingsLayer.sizeLimit, (try? SettingsLayer(json: json)) != nil else {
            let message =
                "All changes together have at most \(SettingsLayer.sizeLimit) bytes and "
                + "\(SettingsLayer.valueLimit) values."
            throw EndpointError(413, "too_large", message)
        }
        do throws(ConfigurationErrors) {
            let merged = try watcher.preview(layer)
            // A memory of its own: nothing of what is only looked at is to be remembered.
            let preparation = try Preparation(settings: merged, environment: environment)
            return Proposal(
                layer: layer.pruned(beside: merged),
                world: preparation.world,
                document: SettingsDocument(merged, environment: environment)
            )
        } catch {
            throw error.withNames(environment)
        }
    }

    /// What a change of the current layer would come to.
    ///
    /// - Throws: ``ConfigurationErrors`` with all that is wrong.
    nonisolated func proposal(_ change: ConfigurationChange, upon layer: SettingsLayer) throws -> Proposal {
        let patch: SettingsLayer
        do throws(LayerFault) {
            patch = try SettingsLayer(json: change.patch)
        } catch {
            throw EndpointError(400, "malformed_json", "The patch \(error).")
        }
        var changed = layer
        for path in change.reset { changed = try changed.resetting(path) }
        let origin = settings().origin
        changed = changed.patched(with: patch, over: origin)
        let problems =
            patch.lockProblems(environment, over: origin) + changed.transitionProblems(from: layer, by: patch)
        guard problems.isEmpty else { throw ConfigurationErrors(file: nil, problems: problems) }
        return try proposal(changed)
    }

    /// What a layer comes to that was found good.
    struct Proposal: Sendable {
        let layer: SettingsLayer
        let world: World
        let document: SettingsDocument
    }

    // MARK: changes

    /// Makes a change, as a new version.
    ///
    /// - Parameters:
    ///   - action: as in ``AuditEntry/action``.
    ///   - subject: what it is about.
    ///   - base: the version that it is made for; nil for whichever there is.
    ///   - propose: says what the layer is to become.
    /// - Returns: the version; the one before where the change is none.
    /// - Throws: ``ConfigurationErrors``, ``EndpointError``, and the store's errors.
    func change(
        _ action: String,
        of subject: String = "configuration",
        base: Int64?,
        by author: Author,
        _ propose: @escaping @Sendable (SettingsLayer) async throws -> Proposal
    ) async throws -> Int64 {
        try await inTurn {
            try await self.changeNow(action, of: subject, base: base, by: author) { try await propose(try $0.get()) }
        }
    }

    /// Puts another layer in the place of the one there is, as a new version; that one need not be readable.
    ///
    /// - Throws: as ``change(_:of:base:by:_:)``.
    func replace(
        _ action: String,
        base: Int64?,
        by author: Author,
        with propose: @escaping @Sendable () async throws -> Proposal
    ) async throws -> Int64 {
        try await inTurn {
            try await self.changeNow(action, of: "configuration", base: base, by: author) { _ in try await propose() }
        }
    }

    /// Does something while no change is under way.
    func inTurn<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let previous = last
        let task = Task {
            await previous?.value
            return try await body()
        }
        last = Task { _ = try? await task.value }
        return try await task.value
    }

    private nonisolated func changeNow(
        _ action: String,
        of subject: String,
        base: Int64?,
        by author: Author,
        _ propose: @Sendable (Result<SettingsLayer, EndpointError>) async throws -> Proposal
    ) async throws -> Int64 {
        let (number, newest) = try await newest()
        if let base, base != number { throw DeskError.changed(number) }
        let proposal = try await propose(newest)
        let layer = try? newest.get()
        guard proposal.layer != layer else { return number }
        let changes = proposal.document.changes(from: document(before: layer))
        let billing = Permission(.billing, .write)
        if changes.contains(where: { $0.path.hasPrefix("billing.") }),
            !author.authority.allows(billing, in: [.gateway])
        {
            throw DeskError.forbidden("How organizations are charged is changed with \(billing).")
        }
        let version = ConfigurationVersion(
            number: number,
            at: clock.now(),
            actor: author.actor,
            reason: author.reason,
            layer: try vault.sealed(proposal.layer),
            changes: Self.json(changes)
        )
        let entry = AuditEntry(
            at: version.at,
            actor: author.actor,
            address: author.address,
            action: action,
            subject: subject,
            changes: Self.trail(changes),
            reason: author.reason
        )
        let added: ConfigurationVersion
        do {
            added = try await vault.store.add(version, entry)
        } catch ResourceConflict.version(let newest) {
            throw DeskError.changed(newest)
        }
        let isInForce = watcher.value?.adopt(proposal.layer) ?? false
        await settled()
        guard isInForce else {
            let message =
                "Version \(added.number) is kept but not in force yet: the configuration file has changed meanwhile and "
                + "does not fit it."
            throw EndpointError(409, "not_in_force", message)
        }
        return added.number
    }

    // MARK: JSON

    /// The most changes that a version and the trail tell of one by one.
    private static let changeLimit = 500

    nonisolated static func json(_ changes: [(path: String, before: RawJSON?, after: RawJSON?)]) -> [UInt8] {
        var json = JSONWriter()
        json.array { list in
            for change in changes.prefix(changeLimit) {
                list.object { json in
                    json.member("path", change.path)
                    json.member("before", change.before ?? RawJSON("null"))
                    json.member("after", change.after ?? RawJSON("null"))
                }
            }
        }
        return json.bytes
    }

    /// The changes as the trail has them.
    private static func trail(_ changes: [(path: String, before: RawJSON?, after: RawJSON?)]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            for change in changes.prefix(changeLimit) {
                json.key(dynamic: change.path)
                json.array { list in
                    list.element(change.before ?? RawJSON("null"))
                    list.element(change.after ?? RawJSON("null"))
                }
            }
        }
        return json.bytes
    }
}

/// The watcher, for what is made before it and calls it later.
final class WatcherReference: Sendable {
    private let reference = Mutex<ConfigurationWatcher?>(nil)

    var value: ConfigurationWatcher? {
        get { reference.withLock { $0 } }
        set { reference.withLock { $0 = newValue } }
    }
}
