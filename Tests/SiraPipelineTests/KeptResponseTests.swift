import SiraCore
import SiraPipeline
import Testing

@Suite struct KeptResponseTests {
    private func asked(_ method: String, _ path: String) throws -> KeptResponse? {
        try KeptResponse(method: method, target: "/v1/responses" + path)
    }

    @Test func `each path asks for its own`() throws {
        #expect(try asked("GET", "/resp_1")?.action == .read)
        #expect(try asked("GET", "/resp_1/?include[]=x")?.id == "resp_1")
        #expect(try asked("GET", "/resp%5F1")?.id == "resp_1")
        #expect(try asked("DELETE", "/resp_1")?.action == .delete)
        #expect(try asked("POST", "/resp_1/cancel")?.action == .cancel)
        #expect(try asked("GET", "/resp_1/input_items")?.action == .inputItems(ItemPage()))
        for path in ["", "/", "//cancel", "/resp_1/other", "/resp_1/input_items/2"] {
            #expect(try asked("GET", path) == nil, "\(path)")
        }
        for path in ["/compact", "/input_tokens"] { #expect(try asked("POST", path) == nil, "\(path)") }
    }

    @Test func `an answer that is kept is not streamed again`() throws {
        let error = #expect(throws: GatewayError.self) { try asked("GET", "/r?stream=true&starting_after=2") }
        #expect(error?.code == .unsupportedFeature && error?.field == "stream")
        #expect(try asked("GET", "/r?stream=false")?.action == .read)
    }

    @Test func `a page says how many, in which order and after what`() throws {
        var page = ItemPage()
        (page.limit, page.isAscending, page.after) = (7, true, "msg 1")
        let asked = try asked("GET", "/r/input_items?limit=7&order=asc&after=msg%201&include[]=x")
        #expect(asked?.action == .inputItems(page))
    }

    @Test(arguments: ["limit=0", "limit=101", "limit=x", "order=up", "limit"])
    func `a page that is none is refused`(query: String) {
        let error = #expect(throws: GatewayError.self) { try asked("GET", "/r/input_items?\(query)") }
        #expect(error?.code == .invalidField && query.hasPrefix(error?.field ?? "?"))
    }

    @Test(arguments: [("POST", "/r"), ("GET", "/r/cancel"), ("DELETE", "/r/input_items")])
    func `other methods are refused`(method: String, path: String) {
        let error = #expect(throws: GatewayError.self) { try asked(method, path) }
        #expect(error?.code == .methodNotAllowed)
    }
}
