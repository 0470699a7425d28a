import SiraAdmin
import SiraCore
import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// How people change the way they sign in, and let others in.
struct AccountEndpoints: Sendable {
    let identity: Identity

    var all: [Endpoint] {
        [preferences, password, propose, confirm, remove, invite, reset]
    }

    private func endpoint(
        _ method: Endpoint.Method,
        _ path: String,
        _ name: String,
        _ summary: String,
        access: Endpoint.Access = .anyone,
        answer: JSONSchema? = nil,
        handle: @escaping @Sendable (EndpointRequest, SignInPlace) async throws -> EndpointReply
    ) -> Endpoint {
        Endpoint(method, path, name: name, tag: SignInEndpoints.tag, summary, access: access, answer: answer) {
            request in
            try await told { try await handle(request, SignInPlace(request.caller)) }
        }.with {
            $0.bodyLimit = SignInEndpoints.bodyLimit
            $0.isRepeatable = false
            $0.status = answer == nil ? 204 : 200
            $0.moreRefusals = [401, 403, 409, 422, 429, 503]
        }
    }

    private var preferences: Endpoint {
        let schema = JSONSchema.fields(AccountPreferences.fields.map(\.outline), for: .show)
        return endpoint(
            .patch,
            "/me/preferences",
            "update_preferences",
            "Change how one reads the console",
            answer: schema
        ) { [identity] request, place in
            let preferences = try await identity.changePreferences(request.body, by: request.author, at: place)
            var json = JSONWriter()
            json.object { preferences.write(to: &$0, showingSecrets: false) }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "A merge patch (RFC 7396)."
            $0.body = .fields(AccountPreferences.fields.map(\.outline), for: .change)
        }
    }

    private var password: Endpoint {
        endpoint(.post, "/me/password", "change_password", "Change one's password") { [identity] request, place in
            let form = try NewPasswordForm.form(request.body)
            try await identity.changePassword(from: form.current, to: form.new, by: request.author, at: place)
            return EndpointReply()
        }.with {
            $0.details = "Ends the other sessions."
            $0.body = .fields(NewPasswordForm.self)
        }
    }

    // MARK: the second factor

    private var propose: Endpoint {
        endpoint(
            .post,
            "/me/second-factor",
            "propose_second_factor",
            "Draw the secret of a second factor",
            answer: .object([
                ("secret", JSONSchema.text(16...64).described("In base 32, to be typed into an app.")),
                ("uri", JSONSchema.text(1...2_000).described("`otpauth://…`, to be shown as a picture.")),
            ])
        ) { [identity] request, place in
            let form = try CurrentPasswordForm.form(request.body)
            let factor = try await identity.proposeSecondFactor(
                showing: form.current,
                for: request.author,
                at: place
            )
            var json = JSONWriter()
            json.object { json in
                json.member("secret", factor.secret)
                json.member("uri", factor.uri)
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "It counts once a code of it was confirmed."
            $0.body = .fields(CurrentPasswordForm.self)
            $0.isBodyOptional = true
        }
    }

    private var confirm: Endpoint {
        endpoint(
            .post,
            "/me/second-factor/confirm",
            "confirm_second_factor",
            "Have the second factor count",
            answer: .object([("recovery_codes", .list(.text(1...40)))])
        ) { [identity] request, place in
            let code = try CodeForm.form(request.body).code.reveal()
            let codes = try await identity.confirmSecondFactor(code, by: request.author, at: place)
            var json = JSONWriter()
            json.object { json in json.array("recovery_codes") { for code in codes { $0.element(code) } } }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "The recovery codes are shown this once; each works once. Ends the other sessions."
            $0.body = .fields(CodeForm.self)
        }
    }

    private var remove: Endpoint {
        endpoint(.delete, "/me/second-factor", "remove_second_factor", "Take one's second factor away") {
            [identity] request, place in
            let form = try ConfirmationForm.form(request.body)
            try await identity.removeSecondFactor(
                showing: form.password,
                orCode: form.code?.reveal(),
                by: request.author,
                at: place
            )
            return EndpointReply()
        }.with {
            $0.body = .fields(ConfirmationForm.self)
            $0.isBodyOptional = true
            $0.moreRefusals.formUnion([413])
        }
    }

    // MARK: others

    private var invite: Endpoint {
        endpoint(
            .post,
            "/users/{id}/invitation",
            "invite_user",
            "Let a user set a password",
            access: .holder(Permission(.tenants, .write)),
            answer: .object([("link_path", .text(1...200)), ("expires_at", .time)])
        ) { [identity] request, place in
            let invitation = try await identity.invite(request.id, by: request.author, at: place)
            var json = JSONWriter()
            json.object { json in
                json.member("link_path", "/sign-in#invite=\(invitation.text.reveal())")
                json.member("expires_at", invitation.expiresAt.description)
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details =
                "The link works once, for three days, in place of an earlier one, and as long as roles and activity of the "
                + "user stay as they are; it is shown this once. Whoever has forgotten the password is invited again, by "
                + "somebody else."
        }
    }

    private var reset: Endpoint {
        endpoint(
            .delete,
            "/users/{id}/second-factor",
            "reset_second_factor",
            "Take away the second factor of somebody who has lost it",
            access: .holder(Permission(.tenants, .write))
        ) { [identity] request, place in
            try await identity.resetSecondFactor(of: request.id, by: request.author, at: place)
            return EndpointReply()
        }.with { $0.details = "Of somebody who may do no more than the caller. Ends their sessions." }
    }
}
