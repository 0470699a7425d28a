import Foundation
import SiraApp
import SiraConfiguration
import Testing

@testable import SiraCLI

@Suite struct ProgramTests {
    @Test func `a wrong configuration ends every command with code 2 and a line for each problem`() async throws {
        let session = try Session(configuration: "sever: 1\nadmin:\n  adress: x\n")
        for command in [["check"], ["keys", "list"], ["models"], ["usage"], ["price", "gpt-4o", "--input", "1"]] {
            let answer = await session.run(command)
            #expect(answer.code == 2)
            #expect(answer.output == "")
            #expect(answer.errors.split(separator: "\n").count == 2)
            #expect(answer.errors.contains("sira.yaml:1:1: sever: there is no such field"))
        }
    }

    @Test func `faults of names and links are told along with those of values`() async throws {
        let session = try Session(
            configuration: """
                server: {drain_timeout: soon}
                providers:
                  workstation: {protocol: openai, base_url: http://a/v1}
                  shed: {base_url: http://b/v1}
                  cellar: {protocol: openai, base_url: nowhere}
                models:
                  house: {provider: workstaton, model: m}
                  other: {provider: cellar, model: m}
                """
        )
        let lines = await session.run("check").errors.split(separator: "\n")
        let paths = ["server.drain_timeout", "providers.shed", "providers.cellar.base_url", "models.house.provider"]
        #expect(lines.count == paths.count)
        for (line, path) in zip(lines, paths) { #expect(line.contains(": \(path): ")) }
    }

    @Test func `arguments that cannot be understood end with code 64 and nothing on standard output`() async throws {
        let session = try Session()
        let wrong = [
            ["nonsense"], ["keys", "create"], ["usage", "--since", "3x"], ["logs", "--request", "r"],
            ["price", "gpt-4o", "--input", "-5"],
            ["price", "gpt-4o", "--input", "1", "--cache-read", "2"],
            ["keys", "create", "--name", "a", "--models", "a*b"],
            ["keys", "create", "--name", "a", "--tag", String(repeating: "x", count: 1_025)],
            ["keys", "create", "--name", "a"] + (0...64).flatMap { ["--tag", "\($0)"] },
        ]
        for arguments in wrong {
            let answer = await session.run(arguments)
            #expect(answer.code == 64, "\(arguments)")
            #expect(answer.output == "")
            #expect(answer.errors.hasPrefix("Error: "))
        }
    }

    @Test(arguments: [(["chekc"], "sira check"), (["keys", "lsit"], "sira keys list"), (["key"], "sira keys")])
    func `a mistyped command is answered with the one that was meant`(arguments: [String], meant: String) async throws {
        #expect(await (try Session()).run(arguments).errors.contains("Did you mean `\(meant)`?"))
    }

    @Test func `help names every command, on standard output`() async throws {
        let answer = await (try Session()).run("--help")
        #expect(answer.code == 0)
        let commands = [
            "serve", "init", "check", "doctor", "keys", "models", "providers", "price", "usage", "logs", "schema",
            "version",
        ]
        for command in commands { #expect(answer.output.contains("\n  \(command) ")) }
    }

    @Test(arguments: [
        ("server: {tls: {certificate: /nowhere/a.pem, key: /nowhere/b.pem}}", [:], "server.tls"),
        ("", ["HTTPS_PROXY": "socks5://proxy:1080"], "HTTPS_PROXY"),
        ("", ["SIRA_API_ADDRESS": "localhost:9090", "SIRA_ADMIN_ADDRESS": "127.0.0.1:9090"], "admin.address"),
    ])
    func `check refuses what serve would refuse`(
        _ text: String,
        _ environment: [String: String],
        _ part: String
    ) async throws {
        let answer = await (try Session(configuration: text, environment: environment)).run("check")
        #expect(answer.code == 2)
        #expect(answer.errors.contains(part))
    }

    @Test func `init writes a file that check likes, and not over one that exists`() async throws {
        let session = try Session(configuration: "# mine\n")
        let refused = await session.run("init")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("exists already"))
        let forced = await session.run("init", "--force")
        #expect(forced.code == 0)
        let text = try String(contentsOfFile: session.path + "/sira.yaml", encoding: .utf8)
        #expect(text == Settings.starterFile)
        let mode = try FileManager.default.attributesOfItem(atPath: session.path + "/sira.yaml")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let schema = try String(contentsOfFile: session.path + "/sira.schema.json", encoding: .utf8)
        #expect(schema == Settings.jsonSchema)
        let checked = await session.run("check")
        #expect(checked.code == 0)
        #expect(checked.output.hasPrefix("OK: "))
    }

    @Test func `the schema and the version are printed`() async throws {
        let session = try Session()
        #expect(await session.run("schema").output == Settings.jsonSchema + "\n")
        #expect(await session.run("version").output == siraVersion + "\n")
        #expect(await session.run("--version").output == siraVersion + "\n")
    }
}
