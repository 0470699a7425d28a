import CryptoExtras
import Foundation
import SiraCore

/// What is kept of a password: scrypt (RFC 7914) of it, with all that is needed to do it again.
///
/// Written as `$scrypt$ln=17,r=8,p=1$SALT$HASH` with salt and hash in base 64, so that the cost can be raised for new
/// passwords while old ones can still be checked.
struct PasswordHash: Hashable, Sendable {
    let cost: PasswordCost
    let salt: [UInt8]
    let hash: [UInt8]

    private static let saltLength = 16
    private static let hashLength = 32

    /// Hashes a password with a new salt; takes as long as the cost says.
    init(of password: Secret, cost: PasswordCost) throws {
        var random = SystemRandomNumberGenerator()
        salt = (0..<Self.saltLength).map { _ in UInt8.random(in: 0...255, using: &random) }
        self.cost = cost
        hash = try Self.derive(password, salt, cost)
    }

    /// Whether a password is the one that was hashed; takes the same time for each.
    func matches(_ password: Secret) throws -> Bool {
        let given = try Self.derive(password, salt, cost)
        guard given.count == hash.count else { return false }
        return zip(given, hash).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Unicode has several spellings of the same characters, and browsers differ in which they send.
    static func derive(_ password: Secret, _ salt: [UInt8], _ cost: PasswordCost) throws -> [UInt8] {
        let text = password.reveal().precomposedStringWithCanonicalMapping
        let key = try KDF.Scrypt.deriveKey(
            from: Array(text.utf8),
            salt: salt,
            outputByteCount: hashLength,
            rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
        return key.withUnsafeBytes { Array($0) }
    }
}

/// How dear it is to try a password.
package struct PasswordCost: Hashable, Sendable {
    /// The logarithm of N to the base of 2.
    package let logRounds: Int
    /// r.
    package let blockSize: Int
    /// p.
    package let parallelism: Int

    /// N = 2¹⁷, r = 8, p = 1: 128 MiB and a third of a second, as OWASP's Password Storage Cheat Sheet says.
    package static let standard = PasswordCost(logRounds: 17, blockSize: 8, parallelism: 1)

    package init(logRounds: Int, blockSize: Int, parallelism: Int) {
        self.logRounds = logRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }
}

extension PasswordHash: CustomStringConvertible {
    var description: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(Base64.encoded(salt))$\(Base64.encoded(hash))"
    }

    /// Reads what ``description`` writes; nil for anything else, and for costs that nothing here has written.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        var numbers: [Substring: Int] = [:]
        for pair in parts[2].split(separator: ",") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, let number = Int(halves[1]) else { return nil }
            numbers[halves[0]] = number
        }
        guard let rounds = numbers["ln"], let block = numbers["r"], let lanes = numbers["p"],
            (1...24).contains(rounds), (1...32).contains(block), (1...16).contains(lanes),
            let salt = Base64.decoded(parts[3].utf8), let hash = Base64.decoded(parts[4].utf8),
            hash.count == Self.hashLength
        else { return nil }
        cost = PasswordCost(logRounds: rounds, blockSize: block, parallelism: lanes)
        (self.salt, self.hash) = (salt, hash)
    }
}
