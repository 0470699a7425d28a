package import SiraCore
import SiraJSON
package import SiraTenancy

/// How a user signs in to the web console.
///
/// Holds no secret in the clear: the password as a hash, the secret of the second factor sealed.
package struct SignInAccount: Hashable, Sendable {
    /// The id of the user.
    package let user: String
    /// The password's hash with its parameters; nil for who has none.
    package var password: String?
    /// The sealed secret of the second factor that is in use; nil without one.
    package var factor: String?
    /// The sealed secret of a second factor that is yet to be confirmed.
    package var pendingFactor: String?
    /// The last time step of which a code was taken, so that each is taken once.
    package var factorStep: Int64 = 0
    /// Who vouches for the user elsewhere.
    package var subject: ForeignSubject?
    /// How the user wants to read the console.
    package var preferences = AccountPreferences()
    package let createdAt: Timestamp

    package init(user: String, createdAt: Timestamp) {
        self.user = user
        self.createdAt = createdAt
    }

    package var hasSecondFactor: Bool { factor != nil }
}

/// A person as an identity provider knows them (OpenID Connect Core 1.0, section 2: `iss` and `sub`).
package struct ForeignSubject: Hashable, Sendable {
    package let issuer: String
    package let subject: String

    package init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }
}

/// How somebody wants to read the web console; nil is for the console to choose.
package struct AccountPreferences: FieldGroup {
    /// A language tag of BCP 47.
    package var language: String?
    /// A name of the time zone database, such as `Asia/Shanghai`.
    package var timeZone: String?
    /// The code of a currency, ISO 4217.
    package var currency: String?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("language", \.language, .word(of: 2...35), "The language of the console, such as en or zh-CN.")
        GroupField("time_zone", \.timeZone, .word(of: 1...64), "The time zone of times, such as Asia/Shanghai.")
        GroupField("currency", \.currency, .currency, "The currency of amounts, ISO 4217.")
    }
}

extension FieldKind where Value == String {
    /// A name of letters, digits and what stands between them.
    fileprivate static func word(of length: ClosedRange<Int>) -> Self {
        text(length).map(
            { text in
                let isPlain = text.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || "-_/+".utf8.contains(byte)
                }
                return isPlain ? text : nil
            },
            orSay: "must hold letters, digits, hyphens and slashes alone",
            back: { $0 }
        )
    }
}
