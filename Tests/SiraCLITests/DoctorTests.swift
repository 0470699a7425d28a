import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import SiraCLI

@Suite struct DoctorTests {
    @Test func `all is well where the provider accepts connections`() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let session = try session(port: port)
        let answer = await session.run("doctor", "--json")
        try await listener.close()
        #expect(answer.code == 0)
        #expect(try answer.object()["ok"] as? Bool == true)
        let checks = try #require(try answer.object()["checks"] as? [[String: Any]])
        let names = Set(checks.compactMap { $0["check"] as? String })
        #expect(names.isSuperset(of: ["configuration", "credentials", "reachability", "data", "disk", "clock"]))
    }

    @Test func `a provider that cannot be reached fails, with what to do`() async throws {
        // Nobody listens on port 1, and no test that runs at the same time can be given it.
        let answer = await (try session(port: 1)).run("doctor")
        #expect(answer.code == 1)
        let line = answer.output.split(separator: "\n").first { $0.contains("reachability") }
        #expect(line?.hasPrefix("fail") == true)
        #expect(line?.contains("→ check base_url") == true)
    }

    @Test func `a provider's own proxy is tried in the provider's place`() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let session = try Session(
            configuration: """
                providers:
                  mine: {protocol: openai, base_url: 'http://nowhere.invalid', keys: [a, b], proxy: 'http://u:hidden@127.0.0.1:\(port)'}
                """
        )
        let answer = await session.run("doctor")
        try await listener.close()
        #expect(answer.output.contains("mine: the proxy 127.0.0.1:\(port) accepts connections"))
        #expect(answer.output.contains("mine: 2 keys are set"))
        #expect(!answer.output.contains("hidden"))
    }

    @Test func `a wrong configuration fails, and what does not depend on it is looked at all the same`() async throws {
        let answer = await (try Session(configuration: "sever: 1\n")).run("doctor")
        #expect(answer.code == 1)
        #expect(answer.output.contains("fail  configuration"))
        #expect(answer.output.contains("ok    clock"))
    }

    @Test func `a port that another process has is told, and a sira that is running`() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let session = try Session(environment: ["SIRA_API_ADDRESS": "127.0.0.1:\(port)"])
        let taken = await session.run("doctor")
        #expect(taken.code == 1)
        #expect(taken.output.contains("API: 127.0.0.1:\(port) is taken by another process → stop that one"))
        let data = session.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let lock = open(data + "/sira.lock", O_RDWR | O_CREAT, 0o600)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let running = await session.run("doctor")
        close(lock)
        try await listener.close()
        #expect(running.output.contains("is running with this data directory"))
        #expect(running.output.contains("127.0.0.1:\(port) is in use while sira runs"))
    }

    @Test func `a data directory that others may read is a warning`() throws {
        let session = try Session()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: session.path)
        let findings = DataDirectoryCheck(path: session.path).findings()
        #expect(findings.first?.level == .warn)
        #expect(findings.first?.remedy == "chmod 700 \(session.path)")
    }

    @Test func `a file with secrets that others may read is a warning`() async throws {
        for (text, isWarning) in [("{token: secret}", true), ("{token: '${TOKEN}'}", false)] {
            let session = try Session(configuration: "admin: \(text)", environment: ["TOKEN": "x"])
            let file = session.path + "/sira.yaml"
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            #expect(await session.run("doctor").output.contains("chmod 600 \(file)") == isWarning)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            #expect(!(await session.run("doctor")).output.contains("chmod 600"))
        }
    }

    @Test(arguments: ["/data", "/a/b/data", "/a/b/data/"])
    func `a data directory that will be made is well`(_ path: String) throws {
        let findings = DataDirectoryCheck(path: try Session().path + path).findings()
        #expect(findings.first?.level == .ok)
        #expect(DataDirectoryCheck(path: "a/b/c").findings().first?.level == .ok)
    }

    @Test func `a data directory that is a file is a failure`() throws {
        let session = try Session()
        let findings = DataDirectoryCheck(path: session.path + "/sira.yaml").findings()
        #expect(findings.map(\.level) == [.fail])
    }

    private func session(port: Int) throws -> Session {
        try Session(environment: ["GROQ_API_KEY": "x", "GROQ_BASE_URL": "http://127.0.0.1:\(port)/v1"])
    }
}
