import Foundation
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import Testing

@testable import SiraCLI

@Suite struct KeysTests {
    @Test func `a key that was created authenticates with what was asked for`() async throws {
        let session = try Session()
        let answer = await session.run(
            "keys",
            "create",
            "--name",
            "web",
            "--models",
            "gpt-*, claude-3",
            "--expires",
            "30d",
            "--tag",
            "a",
            "--tag",
            "b",
            "--json"
        )
        let made = try answer.object()
        let ring = KeyRing(try await session.database().keys.allKeys())
        let key = try ring.authenticate(made["key"] as? String, at: Session.now)
        #expect(key.id == made["id"] as? String)
        #expect(key.name == "web")
        #expect(key.allowedModels.map(\.description) == ["gpt-*", "claude-3"])
        #expect(key.expiresAt == Session.now.advanced(by: .seconds(30 * 86_400)))
        #expect(key.tags == ["a", "b"])
    }

    @Test func `only the making of a key makes a database, and says so`() async throws {
        let session = try Session()
        for command in [["keys", "list"], ["usage"], ["logs"], ["keys", "revoke", "a"], ["keys", "rotate", "a"]] {
            let answer = await session.run(command)
            #expect(answer.code == 1, "\(command)")
            #expect(answer.errors.contains("There is no database at \(session.path)/data/sira.db"))
        }
        #expect(!FileManager.default.fileExists(atPath: session.path + "/data"))
        #expect(await session.run("keys", "create", "--name", "a").errors.contains("made \(session.path)/data/sira.db"))
        #expect(await session.run("keys", "create", "--name", "b").errors == "")
        #expect(await session.run("keys", "list").code == 0)
    }

    @Test func `a key that expires on a day works to its end`() async throws {
        let session = try Session()
        _ = await session.run("keys", "create", "--name", "a", "--expires", "2026-12-31")
        let key = try #require(try await session.database().keys.allKeys().first)
        #expect(key.expiresAt?.description == "2027-01-01T00:00:00.000Z")
        let past = await session.run("keys", "create", "--name", "a", "--expires", "2026-11-20")
        #expect(past.code == 1)
    }

    @Test func `the text of a key is shown once, and never in the list`() async throws {
        let session = try Session()
        let created = await session.run("keys", "create", "--name", "a")
        #expect(created.output.contains(KeyText.prefix))
        #expect(created.output.contains("only time"))
        #expect(await session.run("keys", "list").output.contains(KeyText.prefix) == false)
        #expect(await session.run("keys", "list", "--json").output.contains(KeyText.prefix) == false)
    }

    @Test func `a key is revoked by its name or its id`() async throws {
        let session = try Session()
        let first = try await session.run("keys", "create", "--name", "a", "--json").object()
        _ = await session.run("keys", "create", "--name", "b")
        #expect(await session.run("keys", "revoke", try #require(first["id"] as? String)).code == 0)
        #expect(await session.run("keys", "revoke", "b").code == 0)
        let states = try await session.run("keys", "list", "--json").list().map { $0["state"] as? String }
        #expect(states == ["revoked", "revoked"])
    }

    @Test func `a name that two keys have is not enough to say which`() async throws {
        let session = try Session()
        let first = try await session.run("keys", "create", "--name", "a", "--json").object()
        let refused = await session.run("keys", "create", "--name", "a")
        #expect(refused.code == 1)
        #expect(refused.errors.contains(try #require(first["id"] as? String)))
        #expect(refused.errors.contains("--allow-same-name"))
        #expect(await session.run("keys", "create", "--name", "a", "--allow-same-name").code == 0)
        let unclear = await session.run("keys", "revoke", "a")
        #expect(unclear.code == 1)
        #expect(unclear.errors.contains(try #require(first["id"] as? String)))
        #expect(await session.run("keys", "revoke", "z").errors.contains("no key with the id or name \"z\""))
    }

    @Test func `a name that is free again may be used again`() async throws {
        let session = try Session()
        _ = await session.run("keys", "create", "--name", "a")
        _ = await session.run("keys", "revoke", "a")
        let second = try await session.run("keys", "create", "--name", "a", "--json").object()
        #expect(
            try await session.run("keys", "revoke", "a", "--json").object()["id"] as? String == second["id"] as? String
        )
    }

    @Test func `the id of a key cannot be the name of another`() async throws {
        let session = try Session()
        let first = try await session.run("keys", "create", "--name", "a", "--json").object()
        let answer = await session.run("keys", "create", "--name", try #require(first["id"] as? String))
        #expect(answer.code == 1)
    }

    @Test func `the list tells that an old text still works`() async throws {
        let session = try Session()
        _ = await session.run("keys", "create", "--name", "a")
        _ = await session.run("keys", "rotate", "a", "--grace", "1h")
        #expect(await session.run("keys", "list").output.contains("active, old text until 2026-11-21 07:30"))
    }

    @Test func `after a rotation both texts work until the grace is over`() async throws {
        let session = try Session()
        let old = try await session.run("keys", "create", "--name", "a", "--json").object()
        let new = try await session.run("keys", "rotate", "a", "--grace", "1h", "--json").object()
        #expect(old["id"] as? String == new["id"] as? String)
        let ring = KeyRing(try await session.database().keys.allKeys())
        let later = Session.now.advanced(by: .seconds(3_601))
        #expect(throws: Never.self) { try ring.authenticate(old["key"] as? String, at: Session.now) }
        #expect(throws: Never.self) { try ring.authenticate(new["key"] as? String, at: later) }
        #expect(throws: KeyRejection.self) { try ring.authenticate(old["key"] as? String, at: later) }
    }

    @Test func `a rotation without grace ends the old text at once, and a revoked key is not rotated`() async throws {
        let session = try Session()
        let old = try await session.run("keys", "create", "--name", "a", "--json").object()
        _ = await session.run("keys", "rotate", "a", "--grace", "0s")
        let ring = KeyRing(try await session.database().keys.allKeys())
        #expect(throws: KeyRejection.self) { try ring.authenticate(old["key"] as? String, at: Session.now) }
        _ = await session.run("keys", "revoke", "a")
        #expect(await session.run("keys", "rotate", "a").code == 1)
    }
}
