import SiraCore
import SiraIdentity
import SiraSQLite
import SiraStorage
import SiraTenancy
import Testing

@Suite struct InvitationTests {
    private let admin = Author(actor: "token:admin", authority: .owner)
    private let new = Secret("a sentence that is new")

    private func make(_ kind: ResourceKind, _ json: String, _ bench: IdentityBench) async throws -> String {
        try await bench.identity.desk.create(kind, from: Array(json.utf8), by: admin).id
    }

    private func change(_ kind: ResourceKind, _ id: String, _ json: String, _ bench: IdentityBench) async throws {
        _ = try await bench.identity.desk.change(kind, id, with: Array(json.utf8), by: admin)
    }

    private func accept(_ text: Secret, _ bench: IdentityBench) async throws -> SignedIn {
        try await bench.identity.accept(text, password: new, at: bench.place, insteadOf: nil)
    }

    @Test func `nobody invites themselves`() async throws {
        let bench = try IdentityBench()
        let author = try #require(try await bench.author(try await bench.setUp()))
        let id = String(author.actor.dropFirst(5))
        await #expect(throws: DeskError.self) { try await bench.identity.invite(id, by: author, at: bench.place) }
    }

    @Test(arguments: [#"{"roles":[{"role":"owner"}]}"#, #"{"active":false}"#])
    func `an invitation ends when what the user may do changes`(patch: String) async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        let user = try await make(.user, #"{"name":"B","email":"b@example.com"}"#, bench)
        let invitation = try await bench.identity.invite(user, by: admin, at: bench.place)
        try await change(.user, user, #"{"name":"Berta"}"#, bench)
        #expect(try await bench.database.accounts.invitation(hash(invitation.text)) != nil)
        try await change(.user, user, patch, bench)
        await #expect(throws: SignInError.noInvitation) { try await accept(invitation.text, bench) }
    }

    @Test func `an invitation ends when a role of the user changes`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        let role = try await make(.role, #"{"name":"R","permissions":["keys:read"]}"#, bench)
        let user = try await make(
            .user,
            #"{"name":"B","email":"b@example.com","roles":[{"role":"\#(role)"}]}"#,
            bench
        )
        let invitation = try await bench.identity.invite(user, by: admin, at: bench.place)
        try await change(.role, role, #"{"permissions":["settings:write"]}"#, bench)
        await #expect(throws: SignInError.noInvitation) { try await accept(invitation.text, bench) }
    }

    @Test func `an invitation ends with a new password`() async throws {
        let bench = try IdentityBench()
        let author = try #require(try await bench.author(try await bench.setUp()))
        let id = String(author.actor.dropFirst(5))
        let invitation = try await bench.identity.invite(id, by: admin, at: bench.place)
        let other = Secret("quite another sentence")
        try await bench.identity.changePassword(from: bench.password, to: other, by: author, at: bench.place)
        await #expect(throws: SignInError.noInvitation) { try await accept(invitation.text, bench) }
    }

    @Test func `nobody comes before the owner`() async throws {
        let bench = try IdentityBench()
        let guest = try await make(
            .user,
            #"{"name":"B","email":"b@example.com","roles":[{"role":"admin"}]}"#,
            bench
        )
        let owner = try await make(
            .user,
            #"{"name":"O","email":"o@example.com","roles":[{"role":"owner"}]}"#,
            bench
        )
        let first = try await bench.identity.invite(guest, by: admin, at: bench.place)
        let second = try await bench.identity.invite(owner, by: admin, at: bench.place)
        await #expect(throws: DeskError.self) { try await accept(first.text, bench) }
        #expect(!bench.identity.isClosed)
        _ = try await accept(second.text, bench)
        #expect(bench.identity.isClosed)
        // The refusal has not used it up.
        _ = try await accept(first.text, bench)
    }

    private func hash(_ text: Secret) throws -> KeyHash { try #require(RandomText.hash(of: text.reveal())) }
}
