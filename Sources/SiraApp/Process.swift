import Dispatch
import Logging
package import SiraConfiguration
import SiraCore
import SiraTelemetry
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Standard output.
enum Console {
    static func show(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Calls something whenever SIGHUP arrives.
final class HangupSignal: Sendable {
    // Safe: after `init` it is only cancelled, which dispatch sources allow from any thread.
    private nonisolated(unsafe) let source: any DispatchSourceSignal

    init(_ action: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
    }

    func stop() { source.cancel() }
}

/// Notices when SIGTERM or SIGINT arrives after this was made: whoever sent one before does not want to wait.
final class RepeatedSignal: Sendable {
    private let fired = Atomic(false)
    // Safe: after `init` they are only cancelled, which dispatch sources allow from any thread.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        for source in sources {
            source.setEventHandler { [weak self] in self?.fired.store(true, ordering: .relaxed) }
            source.resume()
        }
    }

    /// Whether one has arrived.
    var hasFired: Bool { fired.load(ordering: .relaxed) }

    func stop() {
        for source in sources { source.cancel() }
    }
}

/// The lanes, for what is made before them and calls them later.
final class LaneSetReference: Sendable {
    private let reference = Mutex<LaneSet?>(nil)

    var value: LaneSet? {
        get { reference.withLock { $0 } }
        set { reference.withLock { $0 = newValue } }
    }
}

extension LogOutput {
    convenience init(_ settings: LoggingSettings, clock: GatewayClock, writer: LogWriter) {
        self.init(format: settings.format == .json ? .json : .text, clock: clock, write: writer.write)
        adopt(settings)
    }

    /// Takes over what can be changed while running.
    func adopt(_ settings: LoggingSettings) {
        level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        writesAccess = settings.requests
    }
}

extension ListenAddress {
    /// A host under which a program on this machine reaches the listener.
    package var visibleHost: String {
        if isWildcard { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }
}
