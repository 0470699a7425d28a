package import SiraCore

/// Which passwords are taken: long ones that are not among the first that anybody tries.
///
/// As NIST SP 800-63B, section 3.1.1.2 has it: no rules about kinds of characters, no changing for its own sake.
package enum PasswordPolicy {
    /// How many characters a password has at least.
    package static let minimumLength = 12
    /// How many bytes it has at most.
    package static let maximumBytes = 256

    /// Why a password is not taken; nil when it is.
    ///
    /// - Parameter words: what is known of the person, such as the address of e-mail.
    package static func complaint(about password: Secret, of words: [String]) -> String? {
        let text = password.reveal()
        guard text.count >= minimumLength else { return "must have at least \(minimumLength) characters" }
        guard text.utf8.count <= maximumBytes else { return "must have at most \(maximumBytes) bytes" }
        let plain = text.lowercased().filter { $0.isLetter || $0.isNumber }
        guard Set(text).count >= 5 else { return "repeats too few characters" }
        // What holds neither letters nor digits is like none of these.
        guard !plain.isEmpty else { return nil }
        if worst.contains(plain) || worst.contains(stem(plain)) || isSequence(plain) {
            return "is one of the first that anybody would try"
        }
        for word in words.flatMap({ [$0] + $0.split(separator: "@").prefix(1).map(String.init) }) {
            let known = word.lowercased().filter { $0.isLetter || $0.isNumber }
            let isStem = !stem(known).isEmpty && stem(plain) == stem(known)
            if known.count >= 4, isStem || plain == known { return "is your own name or address" }
        }
        return nil
    }

    /// Without the digits at the end, which people add to what was refused.
    private static func stem(_ text: String) -> String {
        var text = Substring(text)
        while let last = text.last, last.isNumber { text = text.dropLast() }
        return String(text)
    }

    /// Whether it is a run along the alphabet, the digits or a row of keys, perhaps several times.
    private static func isSequence(_ text: String) -> Bool {
        let rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"]
        return rows.contains { row in
            let circle = String(repeating: row, count: 30)
            return circle.contains(text) || String(circle.reversed()).contains(text)
        }
    }

    /// The most frequent passwords of the lists that leaks have made known, as far as they are long enough, and words
    /// that people use here.
    private static let worst: Set<String> = [
        "password", "passwordpassword", "passw0rd", "adminadmin", "administrator", "adminadminadmin", "letmeinletmein",
        "iloveyouiloveyou", "qwertyuiop", "qwertyqwerty", "qwertyuiopasdfgh", "1q2w3e4r5t6y", "1qaz2wsx3edc",
        "1q2w3e4r5t6y7u8i", "qazwsxedcrfv", "q1w2e3r4t5y6", "zaq12wsxcde3", "welcomewelcome", "changeme",
        "changemechangeme", "changemenow", "trustno1trustno1", "monkeymonkey", "dragondragon", "footballfootball",
        "baseballbaseball", "sunshinesunshine", "princessprincess", "superman", "correcthorsebatterystaple",
        "thisismypassword", "mypassword", "mypasswordis", "passwordsira", "sirapassword", "sirasira", "sirasirasira",
        "siraadmin", "adminsira", "siragateway", "woaini", "woaini1314520", "5201314woaini", "testtesttest",
        "testpassword", "secretsecret", "supersecret", "topsecret", "defaultpassword", "rootrootroot", "rootpassword",
    ]
}
