import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesHistoryTests {
    private func continued(_ body: String, _ history: [String]) throws -> String {
        let bytes = Array(body.utf8)
        let request = try JSONIndexer().read(bytes) { try ResponsesHistory.request($0) }
        let splices = ResponsesHistory.splices(request, continuing: history.map { RawJSON($0) })
        var (text, at): ([UInt8], Int) = ([], 0)
        for splice in splices {
            text += bytes[at..<splice.span.lowerBound] + splice.replacement
            at = splice.span.upperBound
        }
        return String(decoding: text + bytes[at...], as: UTF8.self)
    }

    @Test func `stored items come before a request's own, and the name of the answer before goes`() throws {
        let body = #"{"model":"m","previous_response_id":"resp_1","input":[{"type":"message"}],"store":false}"#
        #expect(
            try continued(body, [#"{"a":1}"#, #"{"b":2}"#])
                == #"{"model":"m","input":[{"a":1},{"b":2},{"type":"message"}],"store":false}"#
        )
    }

    @Test func `a string becomes a message behind the stored items`() throws {
        let body = #"{"input":"say \"hi\"","model":"m", "previous_response_id":"resp_1"}"#
        let message = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"say \"hi\""}]}"#
        #expect(try continued(body, [#"{"a":1}"#]) == #"{"input":[{"a":1},"# + message + #"],"model":"m"}"#)
    }

    @Test func `a request without input goes on with the stored items alone`() throws {
        let body = #"{"previous_response_id" : "resp_1", "model":"m"}"#
        #expect(try continued(body, [#"{"a":1}"#]) == #"{"model":"m","input":[{"a":1}]}"#)
    }

    @Test func `what a request says of its conversation is read`() throws {
        let request = try JSONIndexer().read(Array(#"{"model":"m","input":"x","store":false}"#.utf8)) {
            try ResponsesHistory.request($0)
        }
        #expect(request.previous == nil)
        #expect(request.isStored == false)
        let other = try JSONIndexer().read(Array(#"{"model":"m","previous_response_id":"resp_7"}"#.utf8)) {
            try ResponsesHistory.request($0)
        }
        #expect(other.previous == "resp_7")
        #expect(other.isStored)
    }

    @Test(arguments: [
        (#"{"input":5}"#, "input"), (#"{"previous_response_id":5}"#, "previous_response_id"),
        (#"{"previous_response_id":""}"#, "previous_response_id"), (#"{"store":"yes"}"#, "store"),
    ])
    func `what is wrong is named`(body: String, field: String) throws {
        let error = #expect(throws: GatewayError.self) {
            _ = try JSONIndexer().read(Array(body.utf8)) { try ResponsesHistory.request($0) }
        }
        #expect(error?.code == .invalidField)
        #expect(error?.field == field)
    }

    @Test func `an answer's items are taken from a whole answer and from the final event`() throws {
        let whole = #"{"id":"resp_2","status":"completed","output":[{"type":"message"},{"type":"reasoning"}]}"#
        let answer = try JSONIndexer().read(Array(whole.utf8)) { ResponsesHistory.answer(whole: $0) }
        #expect(answer?.id == "resp_2")
        #expect(answer?.items == [RawJSON(#"{"type":"message"}"#), RawJSON(#"{"type":"reasoning"}"#)])

        let event = #"{"type":"response.incomplete","response":"# + whole + "}"
        let final = try JSONIndexer().read(Array(event.utf8)) { ResponsesHistory.answer(event: $0) }
        #expect(final?.id == "resp_2")
        #expect(final?.items.count == 2)
        let other = #"{"type":"response.created","response":"# + whole + "}"
        #expect(try JSONIndexer().read(Array(other.utf8)) { ResponsesHistory.answer(event: $0) } == nil)
        let error = #"{"error":{"message":"no"}}"#
        #expect(try JSONIndexer().read(Array(error.utf8)) { ResponsesHistory.answer(whole: $0) } == nil)
    }
}
