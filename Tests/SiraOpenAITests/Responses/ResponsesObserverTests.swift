import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct ResponsesObserverTests {
    private let indexer = JSONIndexer()

    private func roles(_ blocks: [String], _ observer: inout ResponsesObserver) -> [String] {
        blocks.map { block in
            let role = Array((block + "\n\n").utf8).withUnsafeBytes { observer.observe(event: $0, indexer: indexer) }
            return switch role {
            case .content: "content"
            case .frame: "frame"
            case .withheld: "withheld"
            case .last: "last"
            case .failure(let error): "failure \(error.status)"
            }
        }
    }

    private func event(_ type: String, _ members: String = #""a":1"#) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\(members)}"
    }

    @Test func `events are told by their names`() {
        var observer = ResponsesObserver(costField: nil)
        let seen = roles(
            [
                event("response.created", #""response":{"status":"in_progress","usage":null}"#),
                event("response.output_item.added"), event("response.output_text.delta", #""delta":"x""#),
                #"data: {"sequence_number":4,"type":"response.output_text.delta","delta":"say \"type\":\"error\""}"#,
                event("response.output_text.done"), event("response.output_item.done"), ": ping",
                event(
                    "response.completed",
                    #""response":{"status":"completed","usage":{"input_tokens":5,"output_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens_details":{"reasoning_tokens":3}},"output":[{"type":"web_search_call"}]}"#
                ),
                "data: [DONE]",
            ],
            &observer
        )
        #expect(
            seen == ["frame", "frame", "content", "content", "frame", "content", "frame", "last", "last"]
        )
        #expect(observer.contentEvents == 2)
        #expect(observer.mayEnd)
        let usage = observer.reported?.usage
        #expect(usage?.input == 5 && usage?.cacheRead == 2 && usage?.output == 7 && usage?.reasoning == 3)
        #expect(usage?.webSearches == 1)
    }

    @Test func `failures are told with their figures`() {
        var observer = ResponsesObserver(costField: nil)
        let failed = event(
            "response.failed",
            #""response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"},"usage":{"input_tokens":5,"output_tokens":0,"total_tokens":5}}"#
        )
        #expect(roles([failed], &observer) == ["failure 429"])
        #expect(observer.reported?.usage.input == 5)
        #expect(!observer.mayEnd)
        #expect(
            roles(
                [
                    event("error", #""code":"server_error","message":"m","param":null"#),
                    event("error", #""error":{"type":"invalid_request_error","code":null,"message":"m"}"#),
                    #"data: {"error":{"message":"m","code":503}}"#,
                ],
                &observer
            ) == ["failure 502", "failure 400", "failure 502"]
        )
    }

    @Test func `whole answers give figures, and failures though their status was good`() {
        var observer = ResponsesObserver(costField: nil)
        func observe(_ body: String) -> GatewayError? {
            Array(body.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: indexer) }
        }
        #expect(
            observe(#"{"status":"completed","error":null,"output":[],"usage":{"input_tokens":1,"output_tokens":2}}"#)
                == nil
        )
        #expect(observer.reported?.usage.total == 3)
        #expect(observe(#"{"status":"failed","error":{"code":"server_error","message":"m"}}"#)?.code == .upstreamFailed)
        #expect(
            observe(#"{"status":"failed","error":{"code":"invalid_prompt","message":"m"}}"#)?.code == .upstreamRejected
        )
        #expect(observe(#"{"error":{"message":"m"}}"#)?.code == .upstreamFailed)
        #expect(observe("no JSON") == nil)
    }
}
