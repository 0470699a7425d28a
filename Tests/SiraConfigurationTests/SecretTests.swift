import Foundation
import SiraCore
import Testing

@testable import SiraConfiguration

@Suite struct SecretTests {
    @Test func `a secret comes from the file, a variable, or a file of its own`() throws {
        try withTemporaryDirectory { directory in
            try "from-file\n".write(toFile: directory + "/key", atomically: true, encoding: .utf8)
            let text =
                "providers: {a: {api_key: here}, b: {api_key: '${K}'}, c: {api_key: 'file:key'}, d: {api_key: '${F}'}}"
            let read = try Settings.parse(
                text,
                file: directory + "/sira.yaml",
                environment: Environment(["K": "from-environment", "F": "file:\(directory)/key"])
            )
            let keys = ["a", "b", "c", "d"].map { read.providers[$0]?.apiKey?.reveal() }
            #expect(keys == ["here", "from-environment", "from-file", "from-file"])
        }
    }

    @Test func `no secret is in a dump of the settings`() throws {
        let text = """
            admin: {token: hidden-1}
            providers: {a: {api_key: hidden-2, keys: [hidden-3], headers: {x: hidden-4}, proxy: 'http://u:hidden-5@h'}}
            """
        var output = ""
        dump(try settings(text), to: &output)
        #expect(!output.contains("hidden"))
        #expect(!"\(try settings(text))".contains("hidden"))
    }

    @Test(arguments: ["https://h/v1?key=hidden", "https://h/v1#hidden", "https://h?x=a@hidden", "https://hidden@h"])
    func `what a base URL should not hold is not shown`(_ url: String) {
        let found = problems("providers: {a: {protocol: openai, base_url: '\(url)'}}")
        #expect(found.contains("base_url"))
        #expect(!found.contains("hidden"))
    }

    @Test func `what came from the environment is not in messages about other fields`() {
        let found = problems("server: {address: '${K}', lanes: '${K}'}\nlogging: {level: '${K}'}", ["K": "hidden"])
        #expect(found.split(separator: "\n").count == 3)
        #expect(!found.contains("hidden"))
    }

    @Test func `a secret with a line break or of no length is refused`() {
        #expect(problems("admin: {token: \"a\\nb\"}").contains("line break"))
        #expect(problems("admin: {token: \"${K}\"}", ["K": ""]).contains("the secret is empty"))
    }
}
