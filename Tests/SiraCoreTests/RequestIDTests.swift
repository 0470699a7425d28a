import SiraCore
import Testing

@Suite struct RequestIDTests {
    @Test func `text sorts and reads back like the id`() {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<1_000).map { RequestID(at: Timestamp(microseconds: Int64($0) * 1_000_000), using: &random) }
        #expect(ids.map { RequestID($0.description) } == ids)
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(ids == ids.sorted())
    }

    @Test(arguments: ["", "req_", "req_zzzzzzzzzzzzzzzzzzzzzzzzzz", "key_01hzzzzzzzzzzzzzzzzzzzzzzz", "req_0lo"])
    func `other texts are refused`(text: String) {
        #expect(RequestID(text) == nil)
    }
}
