import SiraWire
import Testing

@testable import SiraServer

@Suite struct CORSPolicyTests {
    private let policy = CORSPolicy(origins: ["https://app.example"], headers: ["x-own"], maxAge: 5)

    @Test func `a page that is allowed may read answers, and no other`() {
        let fields = HeaderFields(policy.fields(for: HeaderFields([("Origin", "https://app.example")])))
        #expect(fields["access-control-allow-origin"] == "https://app.example" && fields["vary"] == "origin")
        for origin in ["https://app.example.evil", "http://app.example", "https://APP.example", "null", ""] {
            #expect(policy.fields(for: HeaderFields([("origin", origin)])).isEmpty)
        }
        #expect(policy.fields(for: HeaderFields()).isEmpty)
    }

    @Test func `every page may where the operator says so, without being named`() {
        let fields = HeaderFields(CORSPolicy(origins: ["*"]).fields(for: HeaderFields([("origin", "null")])))
        #expect(fields["access-control-allow-origin"] == "*")
    }

    @Test func `a preflight is told what it may send`() {
        let asked = HeaderFields([
            ("origin", "https://app.example"), ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,x-whatever"),
        ])
        let fields = policy.preflight(method: "OPTIONS", asked)
        #expect(fields?["access-control-allow-methods"] == "GET, POST" && fields?["access-control-max-age"] == "5")
        let names = fields?["access-control-allow-headers"]?.split(separator: ", ").map(String.init) ?? []
        #expect(names.contains("authorization") && names.contains("x-own") && !names.contains("x-whatever"))
        let every = CORSPolicy(origins: ["*"]).preflight(method: "OPTIONS", asked)
        #expect(every?["access-control-allow-headers"] == "authorization,x-whatever")
    }

    @Test func `a preflight of a page that may not is answered without permission, other requests are none`() {
        let stranger = HeaderFields([("origin", "https://evil"), ("access-control-request-method", "POST")])
        #expect(policy.preflight(method: "OPTIONS", stranger)?.fields.isEmpty == true)
        #expect(policy.preflight(method: "POST", stranger) == nil)
        #expect(policy.preflight(method: "OPTIONS", HeaderFields([("origin", "https://app.example")])) == nil)
    }
}
