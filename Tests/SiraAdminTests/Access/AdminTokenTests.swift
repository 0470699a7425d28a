@testable import SiraAdmin
import SiraCore
import Testing

@Suite struct AdminTokenTests {
    let token = AdminToken(Secret("s3cret-token"))

    @Test(arguments: ["Bearer s3cret-token", "bearer s3cret-token", "BEARER s3cret-token"])
    func `the token is accepted whatever the case of its scheme`(header: String) {
        #expect(token.accepts(header))
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "s3cret-token", "Basic s3cret-token", "Bearer s3cret-toke", "Bearer s3cret-tokenx",
        "Bearer s3cret-tokens3cret-token", "Bearer S3CRET-TOKEN", "Bearer  s3cret-token",
    ])
    func `anything else is refused`(header: String) {
        #expect(!token.accepts(header))
    }

    @Test func `no header is refused, and an empty token accepts nothing`() {
        #expect(!token.accepts(nil))
        #expect(!AdminToken(Secret("")).accepts("Bearer "))
    }
}
