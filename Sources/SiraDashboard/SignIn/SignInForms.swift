import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Address and password.
struct PasswordForm: FieldGroup {
    var email = ""
    var password = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField("email", \.email, .text(1...254), isRequired: true, "The user's address of e-mail.")
        GroupField("password", \.password, .secret(1...1_000), isRequired: true, isSecret: true, "The password.")
    }
}

/// One code.
struct CodeForm: FieldGroup {
    var code = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField(
            "code",
            \.code,
            .secret(1...100),
            isRequired: true,
            isSecret: true,
            "What the app shows; where a session waits for it, a recovery code does too."
        )
    }
}

/// A new password in place of an old one.
struct NewPasswordForm: FieldGroup {
    var current: Secret?
    var new = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField("current", \.current, .secret(1...1_000), isSecret: true, "The password until now.")
        GroupField("new", \.new, .secret(1...1_000), isRequired: true, isSecret: true, "The password from now on.")
    }
}

/// The password once more.
struct CurrentPasswordForm: FieldGroup {
    var current: Secret?

    static var fields: [GroupField<Self>] {
        GroupField("current", \.current, .secret(1...1_000), isSecret: true, "The password, where there is one.")
    }
}

/// The password once more, or a code.
struct ConfirmationForm: FieldGroup {
    var password: Secret?
    var code: Secret?

    static var fields: [GroupField<Self>] {
        GroupField("password", \.password, .secret(1...1_000), isSecret: true, "The password, where there is one.")
        GroupField(
            "code",
            \.code,
            .secret(1...100),
            isSecret: true,
            "What the app shows, or a recovery code, where there is no password."
        )
    }
}

/// An invitation and the password that it is used for.
struct InvitationForm: FieldGroup {
    var token = Secret("")
    var password = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField("token", \.token, .secret(1...200), isRequired: true, isSecret: true, "What the link holds.")
        GroupField("password", \.password, .secret(1...1_000), isRequired: true, isSecret: true, "The new password.")
    }
}

extension FieldGroup {
    /// Reads what was sent.
    ///
    /// - Throws: ``DeskError/malformed(_:)``, ``DeskError/invalid(_:)``.
    static func form(_ body: [UInt8]) throws -> Self {
        let limits = JSONLimits(depth: 8, values: 100, refusesDuplicateKeys: true)
        do {
            return try JSONIndexer().read(body, limits: limits) { try Self.read($0) }
        } catch let error as JSONError {
            throw DeskError.malformed(error.description)
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
    }
}
