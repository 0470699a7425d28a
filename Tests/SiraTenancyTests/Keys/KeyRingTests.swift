import SiraCore
import SiraTenancy
import Testing

@Suite struct KeyRingTests {
    private let now = Timestamp(microseconds: 1_763_700_000_000_000)

    private func rejection(_ ring: KeyRing, _ text: String?, at time: Timestamp? = nil) -> KeyRejection? {
        do throws(KeyRejection) {
            _ = try ring.authenticate(text, at: time ?? now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `each key is found by its own text`() throws {
        let issued = (0..<100).map { APIKey.issue(name: "\($0)", at: now) }
        let ring = KeyRing(issued.map(\.key))
        #expect(ring.count == 100)
        for one in issued { #expect(try ring.authenticate(one.text.reveal(), at: now) == one.key) }
    }

    @Test func `nothing, nonsense, unknown and mismatching texts are told apart`() throws {
        let issued = APIKey.issue(name: "a", at: now)
        let stranger = APIKey.issue(name: "b", at: now)
        let forged = APIKey(
            id: "key_forged",
            name: "",
            fingerprint: KeyFingerprint(lookup: stranger.key.fingerprint.lookup, hash: issued.key.fingerprint.hash),
            createdAt: now
        )
        let ring = KeyRing([issued.key])
        #expect(rejection(ring, nil) == .missing)
        #expect(rejection(ring, "") == .missing)
        #expect(rejection(ring, "sk-1234") == .malformed)
        #expect(rejection(ring, stranger.text.reveal()) == .unknown)
        #expect(rejection(KeyRing([forged]), stranger.text.reveal()) == .mismatch)
        #expect(rejection(.empty, issued.text.reveal()) == .unknown)
    }

    @Test func `only an unknown key is worth another look at the store`() {
        #expect(KeyRejection.allCases.filter(\.isUnknown) == [.unknown])
    }

    @Test func `clients cannot tell an unknown key from a mismatching one`() {
        #expect(KeyRejection.unknown.error.message == KeyRejection.mismatch.error.message)
        #expect(KeyRejection.allCases.allSatisfy { $0.error.status == 401 })
    }

    @Test func `expiry and revocation count from their moment on`() {
        let issued = APIKey.issue(name: "a", expiresAt: now, at: now)
        #expect(rejection(KeyRing([issued.key]), issued.text.reveal()) == .expired)
        let before = Timestamp(microseconds: now.microseconds - 1)
        #expect(rejection(KeyRing([issued.key]), issued.text.reveal(), at: before) == nil)
        var revoked = issued.key
        revoked.revokedAt = now
        #expect(rejection(KeyRing([revoked]), issued.text.reveal()) == .revoked)
    }

    @Test func `after a rotation the old text works for the grace period and the id stays`() {
        let issued = APIKey.issue(name: "a", at: now)
        let rotated = issued.key.rotated(grace: .seconds(60), at: now)
        let ring = KeyRing([rotated.key])
        #expect(rotated.key.id == issued.key.id)
        #expect(rejection(ring, rotated.text.reveal()) == nil)
        #expect(rejection(ring, issued.text.reveal(), at: now.advanced(by: .seconds(59))) == nil)
        #expect(rejection(ring, issued.text.reveal(), at: now.advanced(by: .seconds(60))) == .expired)
        let again = rotated.key.rotated(grace: .zero, at: now)
        #expect(rejection(KeyRing([again.key]), rotated.text.reveal()) == .unknown)
        #expect(rejection(KeyRing([again.key]), issued.text.reveal()) == .unknown)
    }
}
