import Foundation
import Testing

@testable import SiraConfiguration

@Suite struct FixtureTests {
    @Test(arguments: files(in: "Tests/Fixtures/configuration/invalid", ending: "yaml").map(\.lastPathComponent))
    func `each flaw is told where it is and with what to do`(_ name: String) throws {
        let path = "Tests/Fixtures/configuration/invalid/\(name)"
        let text = try String(contentsOf: packageRoot.appendingPathComponent(path), encoding: .utf8)
        let found = problems(text)
        #expect(!found.isEmpty)
        #expect(!found.contains("hunter2") && !found.contains("sk-secret"), "a message holds a secret")
        try expectGolden(path.replacing(".yaml", with: ".txt"), found + "\n")
    }

    @Test(arguments: files(in: "Tests/Fixtures/configuration/valid", ending: "yaml").map(\.lastPathComponent))
    func `each unusual but valid file is read`(_ name: String) throws {
        let path = "Tests/Fixtures/configuration/valid/\(name)"
        let text = try String(contentsOf: packageRoot.appendingPathComponent(path), encoding: .utf8)
        #expect(problems(text) == "")
    }

    @Test(arguments: files(in: "Examples", ending: "yaml").map(\.lastPathComponent))
    func `each example loads`(_ name: String) throws {
        let environment = Environment([
            "OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "SIRA_ADMIN_TOKEN": "c", "INFERENCE_API_KEY": "d",
            "ODD_API_KEY": "e",
        ])
        _ = try Settings.load(
            path: packageRoot.appendingPathComponent("Examples/\(name)").path,
            environment: environment
        )
    }
}
