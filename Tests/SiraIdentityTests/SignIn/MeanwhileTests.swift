import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import Testing

@testable import SiraIdentity

/// What becomes of changes to one account between whose reading and writing somebody else changes it.
@Suite struct MeanwhileTests {
    private let bench: IdentityBench
    private let accounts: HookedAccounts
    /// The same accounts, with others coming in between.
    private let slow: Identity
    private let owner: SignedIn
    private let new = Secret("quite another sentence")

    init() async throws {
        bench = try IdentityBench()
        accounts = HookedAccounts(bench.database.accounts)
        slow = bench.identity(on: accounts)
        owner = try await bench.setUp()
    }

    private func author() async throws -> Author { try #require(try await bench.author(owner)) }

    private func account() async throws -> SignInAccount {
        try #require(try await bench.database.accounts.account(of: owner.session.user))
    }

    private func changePassword() async throws {
        let author = try await author()
        try await bench.identity.changePassword(from: bench.password, to: new, by: author, at: bench.place)
    }

    /// Sets a second factor up and gives its codes.
    @discardableResult private func takeFactor() async throws -> [String] {
        let author = try await author()
        return try await bench.takeFactor(author).codes
    }

    @Test func `who signs in with a password that is changed meanwhile gets no session`() async throws {
        accounts.afterReading { try await changePassword() }
        await #expect(throws: SignInError.changed) {
            try await slow.signIn(
                email: "anna@example.com",
                password: bench.password,
                at: bench.place,
                insteadOf: nil
            )
        }
        #expect(try await bench.identity.sessions(of: nil).map(\.id) == [owner.session.id])
    }

    @Test func `who shows a code while the password is changed gets no session`() async throws {
        let codes = try await takeFactor()
        let waiting = try await bench.signIn()
        accounts.afterReading { try await changePassword() }
        await #expect(throws: SignInError.changed) {
            try await slow.showSecondFactor(codes[0], showing: waiting.text.reveal(), at: bench.place)
        }
        #expect(try await bench.identity.sessions(of: nil).map(\.id) == [owner.session.id])
    }

    @Test func `a second factor that is confirmed while the password changes stays`() async throws {
        let author = try await author()
        accounts.afterReading { try await takeFactor() }
        try await slow.changePassword(from: bench.password, to: new, by: author, at: bench.place)
        #expect(try await account().hasSecondFactor)
        #expect(try await bench.signIn(new.reveal()).needsSecondFactor)
    }

    @Test func `of two that change the password one is refused`() async throws {
        let author = try await author()
        accounts.afterReading { try await changePassword() }
        await #expect(throws: SignInError.changed) {
            try await slow.changePassword(
                from: bench.password,
                to: Secret("a third sentence of words"),
                by: author,
                at: bench.place
            )
        }
        _ = try await bench.signIn(new.reveal())
    }

    @Test func `a second factor goes by no password that was changed meanwhile`() async throws {
        try await takeFactor()
        let author = try await author()
        accounts.afterReading { try await changePassword() }
        await #expect(throws: SignInError.changed) {
            try await slow.removeSecondFactor(showing: bench.password, orCode: nil, by: author, at: bench.place)
        }
        #expect(try await account().hasSecondFactor)
        _ = try await bench.signIn(new.reveal())
    }

    @Test func `changes of many at once are all kept`() async throws {
        let author = try await author()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, value) in [("language", "de"), ("time_zone", "Asia/Shanghai"), ("currency", "CNY")] {
                group.addTask {
                    let patch = Array(#"{"\#(name)":"\#(value)"}"#.utf8)
                    _ = try await bench.identity.changePreferences(patch, by: author, at: bench.place)
                }
            }
            group.addTask { try await changePassword() }
            try await group.waitForAll()
        }
        let preferences = try await account().preferences
        #expect(preferences.language == "de" && preferences.timeZone == "Asia/Shanghai")
        #expect(preferences.currency == "CNY")
        _ = try await bench.signIn(new.reveal())
    }
}
