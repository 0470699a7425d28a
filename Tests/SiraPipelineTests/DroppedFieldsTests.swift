import Testing

@testable import SiraPipeline

@Suite struct DroppedFieldsTests {
    @Test func `each name comes once, without indices`() {
        let paths = ["top_k", "messages[0].name", "messages[12].name", "messages[3].content[7]", "top_k"]
        #expect(DroppedFields.headerValue(paths) == "top_k, messages[].name, messages[].content[]")
    }

    @Test func `a long list ends with how many were left out`() throws {
        let value = DroppedFields.headerValue((0..<5_000).map { "field_\($0)" })
        #expect(value.utf8.count < 1_100)
        let names = value.split(separator: ", ")
        #expect(names.last == "...(+\(5_000 - names.count + 1))")
    }

    @Test func `a name cannot end the header's line`() {
        #expect(DroppedFields.headerValue(["a\r\nx: 1, é"]) == "ax:1")
        #expect(DroppedFields.headerValue([String(repeating: "x", count: 5_000)]).utf8.count == 200)
    }
}
