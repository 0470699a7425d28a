import SiraAdmin
import SiraIdentity
import SiraStorage
import SiraTenancy

extension SignInError {
    /// The refusal that callers get.
    var refusal: any Error {
        switch self {
        case .wrong: EndpointError(401, "wrong_credentials", "What was entered is not right.")
        // No 401: whoever is asked to show it again is signed in all the same.
        case .wrongProof: EndpointError(422, "wrong_credentials", "What was entered is not right.")
        case .tooMany(let seconds):
            Self.later(429, "too_many_attempts", "Too many attempts were wrong; wait \(seconds) seconds.", seconds)
        case .busy: Self.later(503, "busy", "Too many people sign in at the moment; try again.", 2)
        case .passwordsOff: EndpointError(403, "passwords_off", "Passwords are not taken here; sign in another way.")
        case .invalid(let problem): DeskError.invalid(FieldProblems([problem]))
        case .wrongSetUpCode:
            EndpointError(403, "wrong_code", "This is not the code that the gateway printed when it last started.")
        case .alreadySetUp: EndpointError(409, "already_set_up", "Somebody owns this gateway already; sign in.")
        case .noInvitation:
            EndpointError(
                403,
                "invitation_invalid",
                "The invitation was used, replaced or has expired; ask for a new one."
            )
        case .noSession: EndpointError(401, "no_session", "Sign in first, in a browser.")
        case .changed: EndpointError(409, "changed_meanwhile", "How you sign in was changed meanwhile; try again.")
        case .factorInUse: EndpointError(409, "second_factor_in_use", "Take the second factor away first.")
        case .noFactor: EndpointError(409, "no_second_factor", "There is no second factor to do this with.")
        case .notBegun: EndpointError(403, "not_begun", "This was not begun in this browser, or too long ago.")
        case .failing: EndpointError(502, "provider_failed", "The identity provider does not answer as it should.")
        case .foreign: EndpointError(403, "not_believed", "The identity provider's answer cannot be believed.")
        case .notAdmitted(let reason): EndpointError(403, "not_admitted", "You may not come in: \(reason).")
        }
    }

    private static func later(_ status: Int, _ code: String, _ message: String, _ seconds: Int) -> EndpointError {
        var error = EndpointError(status, code, message)
        error.retryAfter = seconds
        return error
    }
}

/// Does what may be refused in the words of signing in, and refuses it in those of the admin API.
func told<Result>(_ work: () async throws -> Result) async throws -> Result {
    do {
        return try await work()
    } catch let error as SignInError {
        throw error.refusal
    }
}
