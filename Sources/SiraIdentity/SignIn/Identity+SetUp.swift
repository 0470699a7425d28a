package import SiraCore
import SiraJSON
import SiraStorage
package import SiraTenancy

/// Who is to own the gateway.
package struct SetUpForm: FieldGroup {
    /// The code that the gateway has printed.
    package var code = Secret("")
    package var name = ""
    package var email = ""
    package var password = Secret("")
    package var language: String?
    package var timeZone: String?
    package var currency: String?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("code", \.code, .secret(1...200), isRequired: true, isSecret: true, "What the gateway has printed.")
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call her or him.")
        GroupField("email", \.email, .email, isRequired: true, "The address to sign in with.")
        GroupField("password", \.password, .secret(1...1_000), isRequired: true, isSecret: true, "The password.")
        GroupField("language", \.language, .text(2...35), "The language of the console, such as en or zh-CN.")
        GroupField("time_zone", \.timeZone, .text(1...64), "The time zone of times, such as Asia/Shanghai.")
        GroupField("currency", \.currency, .currency, "The currency of amounts, ISO 4217.")
    }
}

extension Identity {
    /// Makes the owner of a gateway that has no accounts, and signs them in.
    ///
    /// - Throws: ``SignInError``, ``DeskError``, and the stores' errors.
    package func setUp(_ form: SetUpForm, at place: SignInPlace, insteadOf old: String?) async throws -> SignedIn {
        if isClosed { throw SignInError.alreadySetUp }
        guard try await !hasAccounts() else { throw SignInError.alreadySetUp }
        guard try await attempt([(place.network, .address)], { setUpCode.matches(form.code) }) else {
            throw SignInError.wrongSetUpCode
        }
        try setUpCode.take()
        do {
            let owner = try await makeOwner(form, at: place, insteadOf: old)
            setUpCode.use()
            return owner
        } catch {
            setUpCode.giveBack()
            throw error
        }
    }

    private func makeOwner(_ form: SetUpForm, at place: SignInPlace, insteadOf old: String?) async throws -> SignedIn {
        var user = User()
        (user.name, user.email) = (form.name, form.email)
        try check(form.password, of: user, field: "password")
        let preferences = try Self.preferences(form)
        let hash = try await hasher.hash(form.password)
        let author = Author(actor: "set_up", address: place.address, authority: .owner)
        let id = try await owner(form, by: author)
        let entry = entry("user.set_up", of: id, from: place)
        let now = clock.now()
        let account = try await change(id) { change in
            guard change.isFirst else { throw SignInError.alreadySetUp }
            var account = SignInAccount(user: id, createdAt: now)
            (account.password, account.preferences) = (hash, preferences)
            change.account = account
            return entry
        }
        guard let account else { throw SignInError.alreadySetUp }
        return try await begin(account, method: "set_up", at: place, insteadOf: old)
    }

    private static func preferences(_ form: SetUpForm) throws -> AccountPreferences {
        var json = JSONWriter()
        json.object { json in
            if let language = form.language { json.member("language", language) }
            if let zone = form.timeZone { json.member("time_zone", zone) }
            if let currency = form.currency { json.member("currency", currency) }
        }
        do {
            return try JSONIndexer().read(json.bytes) { try AccountPreferences.read($0) }
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
    }

    /// The user of that address, who may do everything from now on.
    private func owner(_ form: SetUpForm, by author: Author) async throws -> String {
        var json = JSONWriter()
        let earlier = try await user(email: form.email)
        json.object { json in
            if earlier == nil {
                json.member("name", form.name)
                json.member("email", form.email)
            } else {
                json.member("active", true)
            }
            let owner = RoleBinding(role: BuiltInRole.owner.rawValue, scope: .gateway)
            let others = (earlier?.user.roles ?? []).filter { $0 != owner }
            json.array("roles") { list in
                for role in [owner] + others { list.object { role.write(to: &$0, showingSecrets: true) } }
            }
        }
        guard let earlier else { return try await desk.create(.user, from: json.bytes, by: author).id }
        return try await desk.change(.user, earlier.id, with: json.bytes, by: author).id
    }
}
