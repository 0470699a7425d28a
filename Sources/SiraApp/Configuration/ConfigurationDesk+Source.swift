import SiraAdmin
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

extension ConfigurationDesk {
    /// What the admin API shows and changes.
    nonisolated var source: ConfigurationSource {
        ConfigurationSource(
            view: { try await self.inTurn { try await self.view() } },
            check: { try await self.check($0) },
            apply: { change in
                try await Self.told {
                    try await self.change("configuration.apply", base: change.base, by: change.author) { layer in
                        try self.proposal(change, upon: layer)
                    }
                }
            },
            versions: { before, limit in try await self.vault.store.versions(before: before, limit: limit) },
            restore: { number, change in
                try await Self.told { try await self.restore(number, change) }
            }
        )
    }

    private nonisolated func view() async throws -> [UInt8] {
        let version = try await vault.store.latest()?.number ?? 0
        let document = document
        let problem = problem
        var json = JSONWriter(capacity: 32_768)
        json.object { json in
            json.member("version", version)
            json.member("settings", document.json)
            json.object("origins") { json in
                for (path, given) in document.given.sorted(by: { $0.key < $1.key }) {
                    json.key(dynamic: path)
                    json.element(given.source.rawValue)
                }
            }
            let locked = document.locked.sorted { $0.key < $1.key }
            json.array("locked") { list in for (path, _) in locked { list.element(path) } }
            json.object("lock_reasons") { json in
                for (path, reason) in locked {
                    json.key(dynamic: path)
                    json.element(reason)
                }
            }
            if let file = document.file { json.member("file", file) } else { json.null("file") }
            if let problem { json.member("problem", problem) } else { json.null("problem") }
        }
        return json.bytes
    }

    private nonisolated func check(_ change: ConfigurationChange) async throws -> [UInt8] {
        let (version, layer) = try await current()
        var (problems, warnings): ([ConfigurationProblem], [String]) = ([], [])
        var changes: [(path: String, before: RawJSON?, after: RawJSON?)] = []
        do {
            let proposal = try proposal(change, upon: layer)
            changes = proposal.document.changes(from: document(before: layer))
            warnings = proposal.world.warnings
        } catch let errors as ConfigurationErrors {
            problems = errors.problems
        }
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.array("errors") { list in
                for problem in problems {
                    list.object { json in
                        json.member("path", problem.path)
                        json.member("message", problem.message)
                    }
                }
            }
            json.member("changes", RawJSON(bytes: Self.json(changes)))
            json.array("warnings") { list in for warning in warnings { list.element(warning) } }
            json.member("version", version)
        }
        return json.bytes
    }

    private nonisolated func restore(_ number: Int64, _ change: ConfigurationChange) async throws -> Int64 {
        try await replace("configuration.restore", base: change.base, by: change.author) {
            guard number != 0 else { return try self.proposal(.empty) }
            guard let version = try await self.vault.store.version(number) else {
                throw DeskError.missing(kind: "version of the configuration", id: "\(number)")
            }
            let layer = try self.layer(of: version)
            let problems = layer.lockProblems(Environment(), over: self.settings().origin)
            guard problems.isEmpty else { throw ConfigurationErrors(file: nil, problems: problems) }
            return try self.proposal(layer)
        }
    }

    /// Does something, and tells what is wrong with a configuration as the admin API does.
    nonisolated static func told<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let errors as ConfigurationErrors {
            throw EndpointError(errors)
        }
    }
}

extension EndpointError {
    /// All that is wrong with a configuration, each with its path.
    init(_ errors: ConfigurationErrors) {
        let problems = errors.problems.map { problem in
            FieldProblem(problem.path, problem.variable.map { "\($0): \(problem.message)" } ?? problem.message)
        }
        self.init(422, "invalid_configuration", "\(FieldProblems(problems)).", fields: problems)
    }
}
