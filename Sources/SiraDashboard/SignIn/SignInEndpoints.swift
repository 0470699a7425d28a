package import SiraAdmin
import SiraCore
package import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// What a browser asks to sign somebody in or out.
package struct SignInEndpoints: Sendable {
    let identity: Identity
    let settings: @Sendable () -> SignInSettings

    /// - Parameter settings: asked for each request.
    package init(_ identity: Identity, settings: @escaping @Sendable () -> SignInSettings) {
        self.identity = identity
        self.settings = settings
    }

    /// Everything about signing in, sessions and second factors.
    package var all: [Endpoint] {
        [ways, setUp, signIn, secondFactor, signOut, accept] + SessionEndpoints(identity: identity).all
            + AccountEndpoints(identity: identity).all
    }

    static let tag = "sign-in"
    /// The largest body of all these.
    static let bodyLimit = 16_384
    private static let refusals: Set<Int> = [401, 403, 409, 429, 503]

    private static let state = JSONSchema.object([("state", .word(["signed_in", "second_factor"]))])

    // MARK: what there is

    private var ways: Endpoint {
        Endpoint(
            .get,
            "/sign-in",
            name: "get_sign_in",
            tag: Self.tag,
            "Tell how to sign in",
            access: .open,
            answer: .object([
                ("setup_needed", JSONSchema.boolean.described("Whether nobody owns the gateway yet.")),
                ("password", JSONSchema.boolean.described("Whether passwords are taken.")),
                ("local", JSONSchema.boolean.described("Whether this machine may do everything without signing in.")),
                (
                    "providers",
                    .list(.object([("id", .text(1...64)), ("name", .text(1...200)), ("start", .text(1...200))]))
                ),
            ])
        ) { [identity, settings] request in
            let settings = settings()
            // What closes the door does so for good, also after the last account has gone.
            let isClosed = if identity.isClosed { true } else { try await identity.hasAccounts() }
            var json = JSONWriter()
            json.object { json in
                json.member("setup_needed", !isClosed && settings.takesPasswords)
                json.member("password", settings.takesPasswords)
                json.member("local", !isClosed && !request.caller.isTokenConfigured)
                json.array("providers") { list in
                    for provider in settings.providers {
                        list.object { json in
                            json.member("id", provider.id)
                            json.member("name", provider.name)
                            json.member("start", "\(OpenIDPages.prefix)/\(provider.id)")
                        }
                    }
                }
            }
            return EndpointReply(json.bytes)
        }
    }

    // MARK: coming in

    private var setUp: Endpoint {
        entrance("/setup", "set_up", "Become the owner of a gateway that nobody owns", .fields(SetUpForm.self)) {
            [identity] request, place in
            let form = try SetUpForm.form(request.body)
            return try await identity.setUp(form, at: place, insteadOf: request.caller.session?.reveal())
        }.with {
            $0.details =
                "Only as long as nobody can sign in, and with the code that the gateway printed when it started."
        }
    }

    private var signIn: Endpoint {
        entrance("/session", "sign_in", "Sign in with a password", .fields(PasswordForm.self)) {
            [identity, settings] request, place in
            guard settings().takesPasswords else { throw SignInError.passwordsOff }
            let form = try PasswordForm.form(request.body)
            return try await identity.signIn(
                email: form.email,
                password: form.password,
                at: place,
                insteadOf: request.caller.session?.reveal()
            )
        }.with {
            $0.details =
                "The session is in the cookie. Where the state is second_factor, it opens nothing until the code is shown."
        }
    }

    private var secondFactor: Endpoint {
        entrance("/session/second-factor", "show_second_factor", "Show the second factor", .fields(CodeForm.self)) {
            [identity] request, place in
            let form = try CodeForm.form(request.body)
            guard let text = request.caller.session else { throw SignInError.noSession }
            return try await identity.showSecondFactor(form.code.reveal(), showing: text.reveal(), at: place)
        }.with { $0.details = "After the password, within five minutes; each code and each recovery code works once." }
    }

    private var accept: Endpoint {
        entrance("/invitation", "accept_invitation", "Set a password by invitation", .fields(InvitationForm.self)) {
            [identity, settings] request, place in
            guard settings().takesPasswords else { throw SignInError.passwordsOff }
            let form = try InvitationForm.form(request.body)
            return try await identity.accept(
                form.token,
                password: form.password,
                at: place,
                insteadOf: request.caller.session?.reveal()
            )
        }
    }

    /// An endpoint that lets somebody in and gives the browser a new cookie.
    private func entrance(
        _ path: String,
        _ name: String,
        _ summary: String,
        _ body: JSONSchema,
        _ work: @escaping @Sendable (EndpointRequest, SignInPlace) async throws -> SignedIn
    ) -> Endpoint {
        Endpoint(.post, path, name: name, tag: Self.tag, summary, access: .open, answer: Self.state) { request in
            let reached = try await told { try await work(request, SignInPlace(request.caller)) }
            var json = JSONWriter()
            json.object { $0.member("state", reached.needsSecondFactor ? "second_factor" : "signed_in") }
            var reply = EndpointReply(json.bytes)
            reply.headers = [SessionCookie.setting(reached, request.caller)]
            return reply
        }.with {
            $0.body = body
            $0.bodyLimit = Self.bodyLimit
            $0.isRepeatable = false
            $0.moreRefusals = Self.refusals
        }
    }

    // MARK: going out

    private var signOut: Endpoint {
        Endpoint(
            .delete,
            "/session",
            name: "sign_out",
            tag: Self.tag,
            "Sign out",
            access: .open,
            answer: nil
        ) { [identity] request in
            if let text = request.caller.session {
                try await identity.signOut(showing: text.reveal(), from: SignInPlace(request.caller))
            }
            var reply = EndpointReply()
            reply.headers = [SessionCookie.clearing(isSecure: request.caller.isSecure)]
            return reply
        }.with {
            $0.details = "Ends the session of the cookie; there need not be one."
            $0.status = 204
        }
    }
}

extension SessionCookie {
    /// The header that gives a browser what somebody has reached.
    static func setting(_ reached: SignedIn, _ caller: Caller) -> EndpointReply.Header {
        let time = reached.needsSecondFactor ? Identity.secondFactorTime : Identity.longestTime
        return setting(reached.text, isSecure: caller.isSecure, seconds: time.components.seconds)
    }
}

extension SignInPlace {
    init(_ caller: Caller) { self.init(address: caller.address, agent: caller.agent) }
}

extension JSONSchema {
    /// The schema of a form.
    static func fields<Form: FieldGroup>(_ form: Form.Type) -> JSONSchema {
        .fields(form.fields.map(\.outline), for: .make)
    }
}
