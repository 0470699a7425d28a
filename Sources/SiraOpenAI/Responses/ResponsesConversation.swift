package import SiraCore
package import SiraJSON
package import SiraWire

extension ResponsesDialect {
    package var history: (any ConversationHistory)? { ResponsesConversation() }
}

/// Conversations of Responses, which go on by `previous_response_id`.
package struct ResponsesConversation: ConversationHistory {
    package init() {}

    package func request(_ json: JSONValue) throws(GatewayError) -> ConversationRequest {
        try ResponsesHistory.request(json)
    }

    package func splices(_ request: ConversationRequest, continuing history: [RawJSON]) -> [Splice] {
        ResponsesHistory.splices(request, continuing: history)
    }

    package func answer(whole json: JSONValue) -> ConversationAnswer? { ResponsesHistory.answer(whole: json) }

    package func answer(event json: JSONValue) -> ConversationAnswer? { ResponsesHistory.answer(event: json) }

    /// Gives the item what the protocol lets requests leave out: its id, its type, and for a text its part.
    package func listed(_ item: JSONValue, orNamed id: String) -> ListedItem {
        let known = item["id"]?.string
        var json = JSONWriter(capacity: item.span.count + 64)
        json.object {
            if known == nil { $0.member("id", id) }
            if item["type"] == nil { $0.member("type", "message") }
            for (key, value) in item.members {
                guard let name = key.string, !(known == nil && name == "id") else { continue }
                $0.key(dynamic: name)
                guard name == "content", value.kind == .string else {
                    $0.element(value)
                    continue
                }
                $0.array {
                    $0.object {
                        $0.member("type", item["role"]?.isString("assistant") == true ? "output_text" : "input_text")
                        $0.key("text")
                        $0.element(value)
                    }
                }
            }
        }
        return ListedItem(id: known ?? id, json: RawJSON(bytes: json.bytes))
    }
}
