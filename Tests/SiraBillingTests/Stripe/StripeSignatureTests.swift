import SiraBilling
import SiraCore
import SiraTesting
import Testing

@Suite struct StripeSignatureTests {
    private let secret = Secret("whsec_test_0123456789")
    private let body = Array(#"{"id":"evt_1"}"#.utf8)
    private let time = Timestamp(microseconds: 1_700_000_000_000_000)
    /// `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_0123456789`.
    private let known = "96a6e4147d41eb58c1480c33f2e6c77496783ed0b5e00ff73e862fbca407ecc6"

    private func verify(
        _ header: String?,
        body: [UInt8]? = nil,
        secrets: [Secret]? = nil,
        after seconds: Int64 = 0
    ) throws {
        try StripeSignature(secrets: secrets ?? [secret])
            .verify(header: header, body: body ?? self.body, at: time.advanced(by: .seconds(seconds)))
    }

    @Test func `a signature made by other means is found good`() throws {
        try verify("t=1700000000,v1=\(known)")
        try verify("t=1700000000, v1=\(known.uppercased()),v0=x")
    }

    @Test func `the header that is made is the one that is read`() throws {
        let header = try StripeSignature(secrets: [secret]).header(for: body, at: time)
        #expect(header == "t=1700000000,v1=\(known)")
    }

    @Test func `one good signature among several is enough, with either secret`() throws {
        let wrong = String(repeating: "0", count: 64)
        try verify("t=1700000000,v1=\(wrong),v1=\(known)")
        try verify("t=1700000000,v1=\(known)", secrets: [Secret("whsec_another_secret"), secret])
        let many = Array(repeating: "v1=\(wrong)", count: 16).joined(separator: ",")
        #expect(throws: StripeSignature.Failure.wrong, "no more than sixteen are looked at") {
            try verify("t=1700000000,\(many),v1=\(known)")
        }
    }

    @Test func `an empty secret, or none, cannot be used`() {
        for secrets in [
            [], [Secret("")], [Secret("whsec_")], [secret, Secret("")], [Secret(String(repeating: " ", count: 20))],
        ] {
            #expect(throws: BillingError.self) { try StripeSignature(secrets: secrets) }
        }
    }

    @Test(arguments: [-300, 0, 300] as [Int64])
    func `within five minutes it is taken`(seconds: Int64) throws {
        try verify("t=1700000000,v1=\(known)", after: seconds)
    }

    @Test(arguments: [-301, 301, 86_400] as [Int64])
    func `an old one sent again is refused, and one ahead of time`(seconds: Int64) {
        #expect(throws: StripeSignature.Failure.outOfTime(seconds: seconds)) {
            try verify("t=1700000000,v1=\(known)", after: seconds)
        }
    }

    @Test(arguments: [
        "", "t=1700000000", "v1=ab", "t=1700000000,v1", "t=x,v1=ab", "t=-1,v1=ab", "t=1700000000,t=1700000000,v1=ab",
        "t=1700000000,v1=", "t=99999999999999999999,v1=ab", "garbage", ",,,", "t=1700000000,v0=ab",
    ])
    func `headers that cannot be read are refused`(header: String) {
        #expect(throws: StripeSignature.Failure.self) { try verify(header) }
    }

    @Test func `another body, time or secret is refused`() {
        #expect(throws: StripeSignature.Failure.wrong) { try verify("t=1700000000,v1=\(known)", body: body + [32]) }
        #expect(throws: StripeSignature.Failure.wrong) { try verify("t=1700000001,v1=\(known)") }
        #expect(throws: StripeSignature.Failure.wrong) {
            try verify("t=1700000000,v1=\(known)", secrets: [Secret("whsec_another_secret")])
        }
        #expect(throws: StripeSignature.Failure.missing) { try verify(nil) }
        #expect(throws: StripeSignature.Failure.malformed) { try verify("t=1700000000,v1=\(known.dropLast())") }
        #expect(throws: StripeSignature.Failure.malformed) { try verify(String(repeating: "x=y,", count: 2_000)) }
    }

    @Test func `one changed bit anywhere is enough`() throws {
        for place in known.indices {
            var wrong = known
            wrong.replaceSubrange(place...place, with: known[place] == "0" ? "1" : "0")
            #expect(throws: StripeSignature.Failure.wrong) { try verify("t=1700000000,v1=\(wrong)") }
        }
    }
}
