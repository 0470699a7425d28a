import Foundation
import SiraCore
import Synchronization
import Testing

@testable import SiraConfiguration

@Suite struct ConfigurationWatcherTests {
    /// What a watcher has told, as short texts.
    private final class Log: Sendable {
        let lines = Mutex<[String]>([])

        func note(_ change: ConfigurationWatcher.Change) -> Bool {
            let line =
                switch change {
                case .applied(let settings, let needRestart):
                    "applied \(settings.limits.concurrentRequests) \(needRestart)"
                case .refused(let errors): "refused \(errors.problems.map(\.message))"
                }
            lines.withLock { $0.append(line) }
            if case .applied = change { return true }
            return false
        }

        func take() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private func watch(_ path: String, _ log: Log) throws -> ConfigurationWatcher {
        let stamp = ConfigurationWatcher.stamp(path: path, environment: Environment())
        let settings = try Settings.load(path: path, environment: Environment())
        return ConfigurationWatcher(settings, stamp: stamp, path: path, environment: Environment()) { log.note($0) }
    }

    @Test func `a changed file is applied, a wrong one leaves all as it was`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            watcher.check()
            #expect(log.take() == [])
            try "limits: {concurrent_requests: 22}\nserver: {lanes: 2}".write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            watcher.check()
            watcher.check()
            #expect(log.take() == ["applied 22 [\"server.lanes\"]"])
            try "limits: {concurrent_requests: none at all}".write(toFile: path, atomically: true, encoding: .utf8)
            for _ in 1...3 { watcher.check() }
            #expect(log.take() == ["refused [\"\\\"none at all\\\" is not a whole number in decimal digits\"]"])
            #expect(watcher.settings.limits.concurrentRequests == 22)
        }
    }

    @Test func `a listener's new address is not in force before the restart`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            try "server: {address: '0.0.0.0:80'}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            try "server: {address: '127.0.0.1:80'}".write(toFile: path, atomically: true, encoding: .utf8)
            watcher.reload()
            #expect(log.take() == ["applied 10000 [\"server.address\"]"])
            #expect(!watcher.settings.server.address.isLoopback)
        }
    }

    @Test func `a file that is put back after a mistake is told to be good again`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            try "limits: 1".write(toFile: path, atomically: true, encoding: .utf8)
            watcher.reload()
            #expect(log.take().first?.hasPrefix("refused") == true)
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            watcher.reload()
            watcher.reload()
            #expect(log.take() == ["applied 1 []"])
        }
    }

    @Test func `a file that is still being written is left alone`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            try "stream: {cost_comment: false}\n".write(toFile: path, atomically: false, encoding: .utf8)
            watcher.check()
            #expect(log.take() == [])
            try "stream: {cost_comment: false}\nlimits: {concurrent_requests: 2}".write(
                toFile: path,
                atomically: false,
                encoding: .utf8
            )
            watcher.check()
            #expect(log.take() == [])
            watcher.check()
            #expect(log.take() == ["applied 2 []"])
        }
    }

    @Test func `what was written between reading the file and watching it is a change`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let stamp = ConfigurationWatcher.stamp(path: path, environment: Environment())
            let settings = try Settings.load(path: path, environment: Environment())
            try "limits: {concurrent_requests: 22}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = ConfigurationWatcher(settings, stamp: stamp, path: path, environment: Environment()) {
                log.note($0)
            }
            watcher.check()
            watcher.check()
            #expect(log.take() == ["applied 22 []"])
        }
    }

    @Test func `a file that is gone is a mistake, not a wish for defaults`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            try FileManager.default.removeItem(atPath: path)
            watcher.check()
            watcher.check()
            #expect(log.take() == ["refused [\"the configuration file does not exist\"]"])
            #expect(watcher.settings.limits.concurrentRequests == 1)
        }
    }

    @Test func `an order to reload reads what has not changed too`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "admin: {token: 'file:token'}".write(toFile: path, atomically: true, encoding: .utf8)
            try "one".write(toFile: directory + "/token", atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            watcher.reload()
            #expect(log.take() == [])
            try "two".write(toFile: directory + "/token", atomically: true, encoding: .utf8)
            watcher.reload()
            #expect(log.take().count == 1)
            #expect(watcher.settings.admin.token?.reveal() == "two")
        }
    }

    @Test func `a link that is turned to another file is a change`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            for name in ["1", "2"] {
                let text = "limits: {concurrent_requests: \(name)}"
                try text.write(toFile: "\(directory)/\(name).yaml", atomically: true, encoding: .utf8)
            }
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory + "/1.yaml")
            let watcher = try watch(path, log)
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory + "/2.yaml")
            watcher.check()
            watcher.check()
            #expect(log.take() == ["applied 2 []"])
        }
    }

    private func layer(_ count: String) throws -> SettingsLayer {
        try SettingsLayer(json: Array(#"{"limits":{"concurrent_requests":\#(count)}}"#.utf8))
    }

    @Test func `a layer lies over the file, also once that has changed`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            #expect(watcher.adopt(try layer("5")))
            #expect(log.take() == ["applied 5 []"])
            try "limits: {concurrent_requests: 7}\naliases: {a: b}".write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            watcher.reload()
            #expect(log.take() == ["applied 5 []"])
            #expect(watcher.adopt(.empty))
            #expect(log.take() == ["applied 7 []"])
        }
    }

    @Test func `what a layer would come to is told and changes nothing`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            #expect(try watcher.preview(try layer("5")).limits.concurrentRequests == 5)
            #expect(throws: ConfigurationErrors.self) { try watcher.preview(try layer("true")) }
            #expect(watcher.settings.limits.concurrentRequests == 1)
            #expect(log.take() == [])
        }
    }

    @Test func `a layer that was passed over at the start is taken once the file fits it`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let log = Log()
            try "models: {fast: {provider: openai}}".write(toFile: path, atomically: true, encoding: .utf8)
            let broken = try SettingsLayer(json: Array(#"{"aliases":{"fast":"gpt-4o"}}"#.utf8))
            #expect(throws: ConfigurationErrors.self) {
                try Settings.load(path: path, environment: Environment(), layer: broken)
            }
            let watcher = ConfigurationWatcher(
                try Settings.load(path: path, environment: Environment()),
                stamp: ConfigurationWatcher.stamp(path: path, environment: Environment()),
                path: path,
                environment: Environment(),
                layer: broken,
                ignoresLayer: true
            ) { log.note($0) }
            try "models: {fast: {provider: openai}}\nlimits: {concurrent_requests: 3}".write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            watcher.reload()
            #expect(log.take() == ["applied 3 []"])
            #expect(watcher.ignoresLayer)
            try "limits: {concurrent_requests: 4}".write(toFile: path, atomically: true, encoding: .utf8)
            watcher.reload()
            #expect(log.take() == ["applied 4 []"])
            #expect(!watcher.ignoresLayer && watcher.settings.aliases == ["fast": "gpt-4o"])
        }
    }

    @Test func `a layer that the file does not fit any more is kept and not in force`() throws {
        try withTemporaryDirectory { directory in
            let (path, log) = (directory + "/sira.yaml", Log())
            try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try watch(path, log)
            try "limits: {concurrent_requests: none}".write(toFile: path, atomically: true, encoding: .utf8)
            let aliases = try SettingsLayer(json: Array(#"{"aliases":{"a":"b"}}"#.utf8))
            #expect(!watcher.adopt(aliases))
            #expect(log.take().count == 1 && watcher.settings.aliases.isEmpty)
            try "limits: {concurrent_requests: 2}".write(toFile: path, atomically: true, encoding: .utf8)
            watcher.reload()
            #expect(log.take() == ["applied 2 []"])
            #expect(watcher.settings.aliases == ["a": "b"])
        }
    }

    @Test func `a layer stays passed over while it is broken otherwise than in its fields, or cannot be read`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/sira.yaml"
            let fits = Atomic(false)
            for layer in [try layer("5"), nil] {
                let log = Log()
                try "limits: {concurrent_requests: 1}".write(toFile: path, atomically: true, encoding: .utf8)
                fits.store(false, ordering: .relaxed)
                let watcher = ConfigurationWatcher(
                    try Settings.load(path: path, environment: Environment()),
                    stamp: ConfigurationWatcher.stamp(path: path, environment: Environment()),
                    path: path,
                    environment: Environment(),
                    layer: layer,
                    ignoresLayer: true,
                    fits: { _ in fits.load(ordering: .relaxed) }
                ) { log.note($0) }
                try "limits: {concurrent_requests: 2}".write(toFile: path, atomically: true, encoding: .utf8)
                watcher.reload()
                #expect(log.take() == ["applied 2 []"])
                #expect(watcher.ignoresLayer)
                fits.store(true, ordering: .relaxed)
                watcher.reload()
                #expect(log.take() == (layer == nil ? [] : ["applied 5 []"]))
                #expect(watcher.ignoresLayer == (layer == nil))
                #expect(watcher.adopt(.empty) && !watcher.ignoresLayer)
            }
        }
    }
}
