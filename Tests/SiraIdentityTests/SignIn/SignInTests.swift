import SiraCore
import SiraIdentity
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct SignInTests {
    @Test func `the code makes one owner and no second`() async throws {
        let bench = try IdentityBench()
        #expect(try await !bench.identity.hasAccounts())
        let owner = try await bench.setUp()
        #expect(try await bench.identity.hasAccounts())
        let author = try #require(try await bench.author(owner))
        #expect(author.authority == .owner && author.session == owner.session.id)
        await #expect(throws: SignInError.alreadySetUp) { try await bench.setUp() }
        #expect(try await bench.actions() == ["user.create", "user.set_up", "user.sign_in"])
    }

    @Test func `the first account closes the door, for other processes too`() async throws {
        let bench = try IdentityBench()
        let other = bench.elsewhere()
        #expect(!bench.identity.isClosed && !other.isClosed)
        try await bench.setUp()
        #expect(bench.identity.isClosed && !other.isClosed)
        await other.watch(every: .milliseconds(1))
        #expect(other.isClosed)
    }

    @Test func `no database is asked whether the door is closed`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        try bench.database.close()
        await #expect(throws: (any Error).self) { try await bench.identity.hasAccounts() }
        #expect(bench.identity.isClosed)
    }

    @Test func `a weak password uses the code up no more than a slip of the pen`() async throws {
        let bench = try IdentityBench()
        var form = bench.form()
        form.password = Secret("password")
        await #expect(throws: SignInError.self) {
            try await bench.identity.setUp(form, at: bench.place, insteadOf: nil)
        }
        _ = try await bench.setUp()
    }

    @Test func `wrong codes make their network wait and nobody else`() async throws {
        let bench = try IdentityBench()
        var form = bench.form()
        form.code = Secret("wrong")
        for _ in 0..<20 {
            await #expect(throws: SignInError.wrongSetUpCode) {
                try await bench.identity.setUp(form, at: bench.place, insteadOf: nil)
            }
        }
        await #expect(throws: SignInError.tooMany(1)) { try await bench.setUp() }
        let elsewhere = SignInPlace(address: "10.0.0.2", agent: "")
        _ = try await bench.identity.setUp(bench.form(), at: elsewhere, insteadOf: nil)
    }

    @Test func `the code is of no use once it was used, whatever became of the owner`() async throws {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let maker = Author(actor: "bench", authority: .owner)
        try await bench.identity.desk.remove(.user, owner.session.user, by: maker)
        await #expect(throws: SignInError.alreadySetUp) { try await bench.setUp() }
    }

    @Test func `a user who is there already becomes the owner`() async throws {
        let bench = try IdentityBench()
        let maker = Author(actor: "bench", authority: .owner)
        let body = Array(#"{"name":"A","email":"Anna@Example.com","active":false,"roles":[{"role":"auditor"}]}"#.utf8)
        let id = try await bench.identity.desk.create(.user, from: body, by: maker).id
        let owner = try await bench.setUp()
        #expect(owner.session.user == id)
        #expect(try await bench.author(owner)?.authority == .owner)
    }

    @Test func `a wrong password, an unknown address and one who is not active are told apart by nobody`() async throws
    {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        await #expect(throws: SignInError.wrong) { try await bench.signIn("another long password") }
        await #expect(throws: SignInError.wrong) { try await bench.signIn(email: "berta@example.com") }
        let maker = Author(actor: "bench", authority: .owner)
        let off = Array(#"{"active":false}"#.utf8)
        _ = try await bench.identity.desk.change(.user, owner.session.user, with: off, by: maker)
        await #expect(throws: SignInError.wrong) { try await bench.signIn() }
        #expect(try await bench.author(owner) == nil)
        #expect(try await bench.actions().count { $0 == "user.sign_in_refused" } == 3)
    }

    @Test func `capitals in the address do not matter`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        #expect(try await bench.signIn(email: "ANNA@example.COM").session.stage == .full)
    }

    @Test func `each sign-in gives a new text and ends what the browser had`() async throws {
        let bench = try IdentityBench()
        let first = try await bench.setUp()
        let second = try await bench.signIn(insteadOf: first.text.reveal())
        #expect(first.text != second.text && first.session.id != second.session.id)
        #expect(try await bench.author(first) == nil)
        #expect(try await bench.author(second) != nil)
        // A text that somebody else has put into the browser is never taken over.
        let foisted = String(repeating: "A", count: 43)
        let third = try await bench.signIn(insteadOf: foisted)
        #expect(third.text.reveal() != foisted)
        #expect(try await bench.identity.author(showing: foisted) == nil)
    }

    @Test func `a session ends when it is idle, and after a week however busy it is`() async throws {
        let bench = try IdentityBench()
        let idle = try await bench.setUp()
        let busy = try await bench.signIn()
        for hour in 1...167 {
            bench.clock.advance(by: .seconds(3_600))
            #expect(try await bench.author(busy) != nil, "hour \(hour)")
            if hour == 13 { #expect(try await bench.author(idle) == nil) }
        }
        bench.clock.advance(by: .seconds(3_601))
        #expect(try await bench.author(busy) == nil)
        #expect(try await bench.identity.sessions(of: nil).isEmpty)
    }

    @Test func `only so many sessions are kept, and the ones used longest ago go`() async throws {
        let bench = try IdentityBench()
        let first = try await bench.setUp()
        for _ in 0..<25 {
            bench.clock.advance(by: .seconds(1))
            _ = try await bench.signIn()
        }
        #expect(try await bench.identity.sessions(of: first.session.user).count == 20)
        #expect(try await bench.author(first) == nil)
    }

    @Test func `the database holds nothing that opens a session`() async throws {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let account = try #require(try await bench.database.accounts.account(of: owner.session.user))
        #expect(account.password?.hasPrefix("$scrypt$ln=2,r=1,p=1$") == true)
        #expect(
            try await bench.identity.author(showing: Base64.encoded(owner.session.hash.bytes, isForURLs: true)) == nil
        )
    }

    @Test func `a new password needs the old one and ends the other sessions`() async throws {
        let bench = try IdentityBench()
        let first = try await bench.setUp()
        let second = try await bench.signIn()
        let author = try #require(try await bench.author(second))
        let new = Secret("quite another sentence")
        await #expect(throws: SignInError.wrongProof) {
            try await bench.identity.changePassword(from: nil, to: new, by: author, at: bench.place)
        }
        await #expect(throws: SignInError.wrongProof) {
            try await bench.identity.changePassword(from: Secret("wrong"), to: new, by: author, at: bench.place)
        }
        try await bench.identity.changePassword(from: bench.password, to: new, by: author, at: bench.place)
        #expect(try await bench.author(first) == nil)
        #expect(try await bench.author(second) != nil)
        await #expect(throws: SignInError.wrong) { try await bench.signIn() }
        _ = try await bench.signIn(new.reveal())
    }

    @Test func `a hash that was made at a lower cost is made anew`() async throws {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let dearer = Identity(
            desk: bench.identity.desk,
            accounts: bench.database.accounts,
            audit: bench.database.audit,
            seal: bench.identity.seal,
            hasher: PasswordHasher(cost: PasswordCost(logRounds: 3, blockSize: 1, parallelism: 1)),
            clock: bench.clock.gateway
        )
        _ = try await dearer.signIn(
            email: "anna@example.com",
            password: bench.password,
            at: bench.place,
            insteadOf: nil
        )
        let account = try await bench.database.accounts.account(of: owner.session.user)
        #expect(account?.password?.hasPrefix("$scrypt$ln=3,") == true)
        _ = try await bench.signIn()
    }

    @Test func `whoever is removed is signed out, and the gateway is without an owner again`() async throws {
        let bench = try IdentityBench()
        let owner = try await bench.setUp()
        let maker = Author(actor: "bench", authority: .owner)
        try await bench.identity.desk.remove(.user, owner.session.user, by: maker)
        #expect(try await bench.author(owner) == nil)
        #expect(try await !bench.identity.hasAccounts())
    }

    @Test func `a command has its session for two minutes and owns the gateway`() async throws {
        let bench = try IdentityBench()
        let text = try await Identity.commandSession(
            of: "command:root",
            in: bench.database.accounts,
            bench.clock.gateway
        )
        let author = try #require(try await bench.identity.author(showing: text.reveal()))
        #expect(author.actor == "command:root" && author.authority == .owner && author.session == nil)
        #expect(try await bench.identity.sessions(of: nil).isEmpty)
        bench.clock.advance(by: .seconds(121))
        #expect(try await bench.identity.author(showing: text.reveal()) == nil)
    }
}

@Suite struct ThrottleTests {
    @Test func `wrong passwords of an account make their network wait, twice as long each time`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        func attempt(_ place: SignInPlace? = nil) async -> SignInError? {
            do {
                _ = try await bench.signIn("a wrong password", from: place)
                return nil
            } catch { return error as? SignInError }
        }
        for _ in 0..<5 { #expect(await attempt() == .wrong) }
        #expect(await attempt() == .tooMany(1))
        bench.clock.advance(by: .seconds(1))
        #expect(await attempt() == .wrong)
        #expect(await attempt() == .tooMany(2))
        await #expect(throws: SignInError.tooMany(2)) { try await bench.signIn() }
        // The person is elsewhere, and is not kept out.
        _ = try await bench.signIn(from: SignInPlace(address: "10.0.0.2", agent: ""))
        bench.clock.advance(by: .seconds(2))
        // The right one ends it.
        _ = try await bench.signIn()
        #expect(await attempt() == .wrong)
        #expect(await attempt() == .wrong)
    }

    @Test func `wrong passwords from everywhere make everybody wait`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        for index in 0..<50 {
            await #expect(throws: SignInError.wrong) {
                try await bench.signIn("a wrong password", from: SignInPlace(address: "10.0.1.\(index)", agent: ""))
            }
        }
        await #expect(throws: SignInError.tooMany(1)) { try await bench.signIn() }
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.signIn()
    }

    @Test func `an address that is not known waits like one that is`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        func answers(_ email: String) async -> [SignInError?] {
            var answers: [SignInError?] = []
            for index in 0..<7 {
                let place = SignInPlace(address: "10.0.2.\(index / 7)", agent: "")
                do {
                    _ = try await bench.signIn("a wrong password", email: email, from: place)
                } catch { answers.append(error as? SignInError) }
            }
            return answers
        }
        #expect(await answers("anna@example.com") == (await answers("nobody@example.com")))
    }

    @Test func `one address cannot try many accounts, and its own account does not help it`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        for index in 0..<19 {
            await #expect(throws: SignInError.wrong) {
                try await bench.signIn("a wrong password", email: "u\(index)@example.com")
            }
        }
        _ = try await bench.signIn()
        await #expect(throws: SignInError.wrong) { try await bench.signIn("a wrong password", email: "v@example.com") }
        await #expect(throws: SignInError.tooMany(1)) { try await bench.signIn("a wrong one", email: "w@example.com") }
        _ = try await bench.signIn(from: SignInPlace(address: "10.9.9.9", agent: ""))
    }

    @Test func `all addresses of an IPv6 network count together`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        func attempt(_ index: Int, _ network: String) async -> SignInError? {
            do {
                let place = SignInPlace(address: "\(network)::\(index + 1)", agent: "")
                _ = try await bench.signIn("a wrong password", email: "u\(index)@example.com", from: place)
                return nil
            } catch { return error as? SignInError }
        }
        for index in 0..<20 { #expect(await attempt(index, "2001:db8:0:1") == .wrong) }
        #expect(await attempt(20, "2001:db8:0:1") == .tooMany(1))
        #expect(await attempt(20, "2001:db8:0:2") == .wrong)
    }

    @Test func `attempts at the same moment are no way around it`() async throws {
        let bench = try IdentityBench()
        try await bench.setUp()
        let looked = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    do {
                        _ = try await bench.signIn("wrong \(index) password")
                    } catch SignInError.wrong { return true } catch {}
                    return false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(looked == 5)
    }
}
