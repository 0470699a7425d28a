import Foundation
import SiraCore
import Testing

@testable import SiraIdentity

@Suite struct PasswordHashTests {
    /// RFC 7914, section 12.
    @Test(arguments: [
        ("", "", 4, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
        ("password", "NaCl", 10, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
        (
            "pleaseletmein", "SodiumChloride", 14, 8, 1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        ),
    ])
    func `it is scrypt as its specification has it`(
        password: String,
        salt: String,
        rounds: Int,
        block: Int,
        lanes: Int,
        expected: String
    ) throws {
        let cost = PasswordCost(logRounds: rounds, blockSize: block, parallelism: lanes)
        // The vectors have 64 bytes, of which 32 are the beginning: each output is made of PBKDF2's blocks in turn.
        let hash = try PasswordHash.derive(Secret(password), Array(salt.utf8), cost)
        #expect(hash.map { String(format: "%02x", $0) }.joined() == expected)
    }

    @Test func `what is kept checks the password and is different each time`() throws {
        let cost = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)
        let hash = try PasswordHash(of: Secret("correct horse"), cost: cost)
        let read = try #require(PasswordHash(hash.description))
        #expect(read == hash)
        #expect(try read.matches(Secret("correct horse")))
        #expect(try !read.matches(Secret("correct horsf")))
        #expect(try PasswordHash(of: Secret("correct horse"), cost: cost).description != hash.description)
    }

    @Test func `both spellings of a letter are the same password`() throws {
        let cost = PasswordCost(logRounds: 4, blockSize: 1, parallelism: 1)
        #expect(try PasswordHash(of: Secret("caf\u{E9}"), cost: cost).matches(Secret("cafe\u{301}")))
    }

    @Test(arguments: [
        "", "$scrypt$", "$scrypt$ln=99,r=8,p=1$AAAA$AAAA", "$argon2$ln=4,r=8,p=1$AAAA$AAAA", "$scrypt$ln=x,r=8,p=1$A$A",
        "$scrypt$ln=4,r=8,p=1$AAAA$AAAA",
    ])
    func `what is no hash is none`(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func `a password of nobody is held against something and never right`() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(logRounds: 2, blockSize: 1, parallelism: 1))
        #expect(try await !hasher.verify(Secret("anything"), against: nil))
        let kept = try await hasher.hash(Secret("anything"))
        #expect(try await hasher.verify(Secret("anything"), against: kept))
        #expect(!hasher.isOutdated(kept) && PasswordHasher(cost: .standard).isOutdated(kept))
    }

    @Test func `many at once all get their turn`() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(logRounds: 4, blockSize: 1, parallelism: 1))
        let kept = try await hasher.hash(Secret("p"))
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask { try await hasher.verify(Secret(index.isMultiple(of: 2) ? "p" : "q"), against: kept) }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 20)
    }
}

@Suite struct PasswordPolicyTests {
    @Test(arguments: [
        "short", "elevenchars", "aaaaaaaaaaaaaaa", "abcdefghijklmnop", "123456789012", "qwertyuiop1234",
        "Password12345",
        "p a s s w o r d 1 2", "Anna.Example1", "anna.lindqvist2024", "CorrectHorseBatteryStaple", "987654321098",
    ])
    func `what anybody would try is not taken`(password: String) {
        let complaint = PasswordPolicy.complaint(about: Secret(password), of: ["Anna Example", "anna.lindqvist@x.de"])
        #expect(complaint != nil)
    }

    @Test(arguments: [
        "a longer sentence", "kV7#mQ2!zR9p", "密码要足够长才可以使用啊", "tram window copper 12", "!#$%&/()=?*+", "90718 24365 44",
    ])
    func `long ones are taken, whatever is in them`(password: String) {
        #expect(PasswordPolicy.complaint(about: Secret(password), of: ["Anna", "1234567@x.de"]) == nil)
    }

    @Test func `too many bytes are not taken`() {
        let long = String(repeating: "abcdefg hijk", count: 30)
        #expect(PasswordPolicy.complaint(about: Secret(long), of: []) != nil)
    }
}
