import Synchronization

/// Keeps the settings up to date with their file: looks twice a second whether it has changed, and reads it
/// again once two looks have found it the same, so that nothing half-written is taken.
///
/// A file with a mistake changes nothing: the settings stay as they are, and the mistake is reported once.
package final class ConfigurationWatcher: Sendable {
    /// What came of reading the file again.
    package enum Change: Sendable {
        /// The settings have changed. They hold the running values of what takes effect only after a restart;
        /// `needRestart` are the paths of those that the file has otherwise.
        case applied(Settings, needRestart: [String])
        /// The file is wrong; everything is as before.
        case refused(ConfigurationErrors)
    }

    private struct State {
        /// Those in force.
        var settings: Settings
        /// Those of the file, with what will take effect only after a restart.
        var written: Settings
        /// The file, from the moment that there is one: that it is gone later is a mistake, not a wish for defaults.
        var file: String?
        /// What the file was when it was last read.
        var stamp: FileStamp?
        /// What it was at the last look.
        var seen: FileStamp?
        /// What lies over the file; nil where that could not be read.
        var layer: SettingsLayer?
        /// Whether the layer was found broken at the start, so that the file holds alone.
        var ignoresLayer: Bool
        /// Whether the last reading found a mistake, so that the next good one is told although nothing has changed.
        var isRefused = false
    }

    private let state: Mutex<State>
    /// Held while the file is read and the change told, so that changes are told in their order.
    private let turn = Mutex(())
    private let path: String?
    private let environment: Environment
    /// The settings with which the process began: those that need a restart still hold.
    private let running: Settings
    private let fits: @Sendable (Settings) -> Bool
    private let onChange: @Sendable (Change) -> Bool

    /// - Parameters:
    ///   - settings: those that are in force.
    ///   - stamp: of the file, taken by ``stamp(path:environment:)`` before `settings` were read from it: what was
    ///     written since is a change.
    ///   - path: as it was given to ``Settings/load(path:environment:layer:)``.
    ///   - layer: what lies over the file; nil where that cannot be read.
    ///   - ignoresLayer: whether `settings` were read without it, since it is broken; it is taken once it fits.
    ///   - fits: whether settings with a layer that was passed over can be taken over, as far as they do not tell
    ///     themselves.
    ///   - onChange: is told of each change, on the thread that noticed it, one at a time, and says whether it is in
    ///     force now. Must not reload itself.
    package init(
        _ settings: Settings,
        stamp: FileStamp?,
        path: String?,
        environment: Environment,
        layer: SettingsLayer? = .empty,
        ignoresLayer: Bool = false,
        fits: @escaping @Sendable (Settings) -> Bool = { _ in true },
        onChange: @escaping @Sendable (Change) -> Bool
    ) {
        running = settings
        self.path = path
        self.environment = environment
        self.fits = fits
        self.onChange = onChange
        let file = Settings.file(named: path, environment)
        state = Mutex(
            State(
                settings: settings,
                written: settings,
                file: file,
                stamp: stamp,
                seen: stamp,
                layer: layer,
                ignoresLayer: ignoresLayer
            )
        )
    }

    /// What tells the file's present content from later ones; nil when there is no file.
    package static func stamp(path: String?, environment: Environment) -> FileStamp? {
        Settings.file(named: path, environment).flatMap(FileStamp.init)
    }

    /// The settings in force.
    package var settings: Settings { state.withLock { $0.settings } }

    /// Looks at the file every `interval` until the task is cancelled.
    package func run(every interval: Duration = .milliseconds(500)) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: interval)
            } catch {
                return
            }
            check()
        }
    }

    /// Reads the file again if it is another one than before, and the same as at the last look.
    package func check() {
        let isOther = state.withLock { state in
            state.file = state.file ?? Settings.file(named: path, environment)
            let stamp = state.file.flatMap(FileStamp.init)
            let isSettled = state.seen == stamp
            state.seen = stamp
            guard isSettled, state.stamp != stamp else { return false }
            state.stamp = stamp
            return true
        }
        if isOther { reload() }
    }

    /// Reads the file again, changed or not, as `SIGHUP` asks.
    ///
    /// Reports nothing when all values are the same, unless the last reading was refused.
    package func reload() {
        turn.withLock { _ in _ = tell() }
    }

    /// What the settings would be with another layer, as ``reload()`` would take them over.
    ///
    /// - Throws: all that is wrong with them.
    package func preview(_ layer: SettingsLayer) throws(ConfigurationErrors) -> Settings {
        let new = try Settings.load(
            path: state.withLock(\.file) ?? path,
            environment: environment,
            layer: layer
        )
        return try new.inForce(beside: running)
    }

    /// Puts another layer over the file, and takes over what follows.
    ///
    /// - Returns: whether it is in force. It is not where the file has come to be one that it does not fit, and is once
    ///   that is mended.
    package func adopt(_ layer: SettingsLayer) -> Bool {
        turn.withLock { _ in
            state.withLock { ($0.layer, $0.ignoresLayer) = (layer, false) }
            return tell()
        }
    }

    /// Whether the file holds alone, since the layer was found broken at the start.
    package var ignoresLayer: Bool { state.withLock { $0.ignoresLayer } }

    /// The settings of file and layer; of the file alone as long as the layer is passed over and still does not fit.
    private func load() throws(ConfigurationErrors) -> Settings {
        let (file, layer, ignoresLayer) = state.withLock { ($0.file ?? path, $0.layer, $0.ignoresLayer) }
        guard ignoresLayer else {
            return try Settings.load(path: file, environment: environment, layer: layer ?? .empty)
        }
        if let layer, let merged = try? Settings.load(path: file, environment: environment, layer: layer),
            let settings = try? merged.inForce(beside: running), fits(settings)
        {
            state.withLock { $0.ignoresLayer = false }
            return merged
        }
        return try Settings.load(path: file, environment: environment)
    }

    /// Reads the file and tells what has changed; says whether all that it holds is in force.
    private func tell() -> Bool {
        guard let change = reading() else { return true }
        let isInForce = onChange(change)
        if !isInForce { state.withLock { $0.isRefused = true } }
        return isInForce
    }

    /// Reads the file; nil when there is nothing to tell.
    private func reading() -> Change? {
        do throws(ConfigurationErrors) {
            let new = try load()
            let settings = try new.inForce(beside: running)
            let isOther = state.withLock { state in
                let isOther = state.written != new || state.isRefused
                state.isRefused = false
                state.written = new
                state.settings = settings
                return isOther
            }
            guard isOther else { return nil }
            return .applied(settings, needRestart: new.restartOnlyDifferences(from: running))
        } catch {
            return .refused(error)
        }
    }
}
