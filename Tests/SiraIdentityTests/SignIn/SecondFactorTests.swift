import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@testable import SiraIdentity

@Suite struct SecondFactorTests {
    /// An owner with a second factor.
    private func prepared() async throws -> (IdentityBench, TimeCode, codes: [String], SignedIn) {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let author = try #require(try await bench.author(owner))
        let (factor, codes) = try await bench.takeFactor(author)
        return (bench, factor, codes, owner)
    }

    private func code(_ factor: TimeCode, _ bench: IdentityBench, ahead: Int64 = 0) -> String {
        factor.code(ofStep: TimeCode.step(at: bench.clock.now) + ahead, digits: 6)
    }

    @Test func `the password alone opens nothing, and the code gives a new session`() async throws {
        let (bench, factor, _, _) = try await prepared()
        let first = try await bench.signIn()
        #expect(first.needsSecondFactor)
        #expect(try await bench.author(first) == nil)
        bench.clock.advance(by: .seconds(30))
        let second = try await bench.identity.showSecondFactor(
            code(factor, bench),
            showing: first.text.reveal(),
            at: bench.place
        )
        #expect(second.text != first.text)
        #expect(try await bench.author(second) != nil)
        #expect(try await bench.identity.session(showing: first.text.reveal()) == nil)
    }

    @Test func `each code is taken once, and none from before`() async throws {
        let (bench, factor, _, _) = try await prepared()
        // The one that confirmed it.
        let first = try await bench.signIn()
        await #expect(throws: SignInError.wrong) {
            try await bench.identity.showSecondFactor(
                code(factor, bench),
                showing: first.text.reveal(),
                at: bench.place
            )
        }
        bench.clock.advance(by: .seconds(60))
        _ = try await bench.identity.showSecondFactor(
            code(factor, bench),
            showing: first.text.reveal(),
            at: bench.place
        )
        let second = try await bench.signIn()
        for ahead: Int64 in [0, -1] {
            await #expect(throws: SignInError.wrong) {
                try await bench.identity.showSecondFactor(
                    code(factor, bench, ahead: ahead),
                    showing: second.text.reveal(),
                    at: bench.place
                )
            }
        }
        _ = try await bench.identity.showSecondFactor(
            code(factor, bench, ahead: 1),
            showing: second.text.reveal(),
            at: bench.place
        )
    }

    @Test func `ten recovery codes work once each`() async throws {
        let (bench, _, codes, owner) = try await prepared()
        #expect(codes.count == 10)
        let first = try await bench.signIn()
        _ = try await bench.identity.showSecondFactor(codes[3], showing: first.text.reveal(), at: bench.place)
        #expect(try await bench.database.accounts.recoveryCodes(of: owner.session.user) == 9)
        let second = try await bench.signIn()
        await #expect(throws: SignInError.wrong) {
            try await bench.identity.showSecondFactor(codes[3], showing: second.text.reveal(), at: bench.place)
        }
    }

    @Test func `codes cannot be tried through, and the password is asked for again after five minutes`() async throws {
        let (bench, factor, _, _) = try await prepared()
        let first = try await bench.signIn()
        var refusals: [SignInError] = []
        for index in 0..<8 {
            do {
                let wrong = "00000\(index)"
                _ = try await bench.identity.showSecondFactor(wrong, showing: first.text.reveal(), at: bench.place)
            } catch let error as SignInError { refusals.append(error) }
        }
        #expect(refusals.count { $0 == .wrong } == 5)
        #expect(refusals.last == .tooMany(1))
        bench.clock.advance(by: .seconds(301))
        await #expect(throws: SignInError.noSession) {
            try await bench.identity.showSecondFactor(
                code(factor, bench),
                showing: first.text.reveal(),
                at: bench.place
            )
        }
    }

    @Test func `the secret is sealed where it is kept`() async throws {
        let (bench, factor, _, owner) = try await prepared()
        let account = try #require(try await bench.database.accounts.account(of: owner.session.user))
        let kept = try #require(account.factor)
        #expect(Seal.isSealed(kept) && !kept.contains(factor.text) && account.pendingFactor == nil)
    }

    @Test func `it goes with the password, or by somebody who is over the user`() async throws {
        let (bench, _, codes, owner) = try await prepared()
        let author = try #require(try await bench.author(owner))
        await #expect(throws: SignInError.wrongProof) {
            try await bench.identity.removeSecondFactor(showing: nil, orCode: codes[0], by: author, at: bench.place)
        }
        await #expect(throws: DeskError.self) {
            try await bench.identity.resetSecondFactor(of: owner.session.user, by: author, at: bench.place)
        }
        try await bench.identity.removeSecondFactor(
            showing: bench.password,
            orCode: nil,
            by: author,
            at: bench.place
        )
        #expect(try await bench.signIn().session.stage == .full)
    }

    @Test func `it comes with the password`() async throws {
        let bench = try IdentityBench()
        let author = try #require(try await bench.author(try await bench.setUp()))
        for wrong in [nil, Secret("another long password")] {
            await #expect(throws: SignInError.wrongProof) {
                try await bench.identity.proposeSecondFactor(showing: wrong, for: author, at: bench.place)
            }
        }
        _ = try await bench.takeFactor(author)
    }

    @Test func `passwords that are wrong at the door do not keep those who are in from showing theirs`() async throws {
        let bench = try IdentityBench()
        let author = try #require(try await bench.author(try await bench.setUp()))
        for index in 0..<60 {
            let place = SignInPlace(address: "10.1.0.\(index)", agent: "")
            _ = try? await bench.signIn("a wrong password", from: place)
        }
        await #expect(throws: SignInError.self) { try await bench.signIn() }
        _ = try await bench.takeFactor(author)
    }

    @Test func `those who wait for it do not push others out`() async throws {
        let (bench, _, _, owner) = try await prepared()
        for _ in 0..<25 {
            bench.clock.advance(by: .seconds(1))
            _ = try await bench.signIn()
        }
        #expect(try await bench.author(owner) != nil)
    }

    @Test func `an invitation sets a password once and still asks for the second factor`() async throws {
        let (bench, _, codes, owner) = try await prepared()
        let admin = Author(actor: "token:admin", authority: .owner)
        let invitation = try await bench.identity.invite(owner.session.user, by: admin, at: bench.place)
        let new = Secret("a sentence that is new")
        let guest = try await bench.identity.accept(invitation.text, password: new, at: bench.place, insteadOf: nil)
        #expect(guest.needsSecondFactor)
        #expect(try await bench.author(owner) == nil)
        _ = try await bench.identity.showSecondFactor(codes[0], showing: guest.text.reveal(), at: bench.place)
        await #expect(throws: SignInError.noInvitation) {
            try await bench.identity.accept(invitation.text, password: new, at: bench.place, insteadOf: nil)
        }
    }

    @Test func `an invitation ends after three days, with the next one, and is not for those below`() async throws {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let admin = Author(actor: "token:admin", authority: .owner)
        let new = Secret("a sentence that is new")
        let first = try await bench.identity.invite(owner.session.user, by: admin, at: bench.place)
        let second = try await bench.identity.invite(owner.session.user, by: admin, at: bench.place)
        await #expect(throws: SignInError.noInvitation) {
            try await bench.identity.accept(first.text, password: new, at: bench.place, insteadOf: nil)
        }
        bench.clock.advance(by: .seconds(3 * 86_400))
        await #expect(throws: SignInError.noInvitation) {
            try await bench.identity.accept(second.text, password: new, at: bench.place, insteadOf: nil)
        }
        let below = Author(
            actor: "user:user_x",
            authority: Authority([RoleBinding(role: "admin", scope: .gateway)], roles: [:])
        )
        await #expect(throws: DeskError.self) {
            try await bench.identity.invite(owner.session.user, by: below, at: bench.place)
        }
    }
}
