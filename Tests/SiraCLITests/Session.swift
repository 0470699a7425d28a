import Foundation
import SiraConfiguration
import SiraCore
import SiraSQLite
import SiraTesting
import Synchronization

@testable import SiraCLI

/// A directory, an environment and a clock in which commands are run one after the other.
final class Session: Sendable {
    /// 2026-11-21T06:30:00Z.
    static let now = Timestamp(microseconds: 1_795_242_600_000_000)

    private let directory: TemporaryDirectory
    let environment: [String: String]

    /// The directory.
    var path: String { directory.path }

    /// - Parameter configuration: the text of the configuration file.
    init(configuration: String = "", environment: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        let file = directory.path + "/sira.yaml"
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        let usual = [
            "SIRA_CONFIG": file, "SIRA_DATA_DIR": directory.path + "/data",
            // Any free port, so that it does not matter what else the machine runs.
            "SIRA_API_ADDRESS": "127.0.0.1:0", "SIRA_ADMIN_ADDRESS": "127.0.0.1:0",
        ]
        self.environment = usual.merging(environment) { _, own in own }
    }

    struct Answer {
        let code: Int32
        let output: String
        let errors: String

        /// The document that was printed.
        func json() throws -> Any {
            try JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed)
        }

        /// The members of the object that was printed.
        func object() throws -> [String: Any] { try json() as? [String: Any] ?? [:] }

        /// The objects of the list that was printed.
        func list() throws -> [[String: Any]] { try json() as? [[String: Any]] ?? [] }
    }

    func run(_ arguments: String...) async -> Answer { await run(arguments) }

    func run(_ arguments: [String]) async -> Answer {
        let printed = Printed()
        let clock = GatewayClock(now: { Self.now }, uptime: { 0 })
        let context = CommandContext(
            environment: Environment(environment),
            clock: clock,
            print: { text in printed.output.withLock { $0 += text + "\n" } },
            complain: { text in printed.errors.withLock { $0 += text + "\n" } }
        )
        let code = await Program.run(arguments, context: context)
        return Answer(
            code: code,
            output: printed.output.withLock { $0 },
            errors: printed.errors.withLock { $0 }
        )
    }

    /// The database that the commands use.
    func database() throws -> SQLiteDatabase { try SQLiteDatabase(path: directory.path + "/data/sira.db") }

    private final class Printed: Sendable {
        let output = Mutex("")
        let errors = Mutex("")
    }
}
