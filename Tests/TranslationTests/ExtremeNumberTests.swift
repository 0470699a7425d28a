import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire
import Testing

/// Whatever number stands in a field, a request is answered and the process lives on.
@Suite struct ExtremeNumberTests {
    private static let extremes = [
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "2147483648",
        "1099511627776", "1e308", "-1e308", "1e400", "5e-324", "-1", "0", "0.5", "1e18", "18446744073709551615",
        "1" + String(repeating: "0", count: 400),
    ]

    /// What is `@` stands for the number.
    private static let chatRequests =
        [
            "max_tokens", "max_completion_tokens", "n", "top_logprobs", "temperature", "top_p", "top_k", "seed",
            "presence_penalty", "frequency_penalty", "logit_bias", "prompt_cache_retention",
        ].map { #"{"model":"m","messages":[{"role":"user","content":"x"}],"\#($0)":@}"# } + [
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled","budget_tokens":@}}"#,
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":@,"reasoning_effort":"high"}"#,
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":@,"thinking":{"type":"enabled","budget_tokens":@}}"#,
            #"""
            {"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema",
            "json_schema":{"name":"a","strict":true,"schema":{"type":"array","minItems":@,"items":{"minimum":@}}}}}
            """#,
        ]

    private static let messagesRequests = [
        #""max_tokens":@"#, #""max_tokens":9,"temperature":@"#, #""max_tokens":9,"top_p":@"#,
        #""max_tokens":9,"top_k":@"#, #""max_tokens":9,"thinking":{"type":"enabled","budget_tokens":@}"#,
        #""max_tokens":@,"thinking":{"type":"enabled","budget_tokens":@}"#,
    ].map { #"{"model":"m","messages":[{"role":"user","content":"x"}],\#($0)}"# }

    private static let chatUsage = #"""
        {"prompt_tokens":@,"completion_tokens":@,"total_tokens":@,"prompt_tokens_details":{"cached_tokens":@,
        "cache_write_tokens":@,"audio_tokens":@},"completion_tokens_details":{"reasoning_tokens":@,"audio_tokens":@}}
        """#.replacing("\n", with: "")

    private static let chatAnswer = #"""
        {"id":"c","created":@,"choices":[{"index":@,"message":{"content":"x","tool_calls":[{"index":@,"id":"a",
        "function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":\#(chatUsage)}
        """#.replacing("\n", with: "")

    private static let chatStream =
        [
            #"{"created":@,"choices":[{"index":@,"delta":{"content":"x"}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":@,"id":"a","function":{"name":"f","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":\#(chatUsage)}"#,
        ].map { "data: \($0)\n\n" }.joined() + "data: [DONE]\n\n"

    private static let messagesUsage = #"""
        {"input_tokens":@,"output_tokens":@,"cache_read_input_tokens":@,"cache_creation_input_tokens":@,
        "cache_creation":{"ephemeral_5m_input_tokens":@,"ephemeral_1h_input_tokens":@},"output_tokens_details":
        {"thinking_tokens":@},"iterations":[{"type":"compaction","input_tokens":@,"output_tokens":@},
        {"type":"compaction","input_tokens":@,"output_tokens":@,"cache_read_input_tokens":@}]}
        """#.replacing("\n", with: "")

    private static let messagesAnswer =
        #"{"type":"message","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":\#(messagesUsage)}"#

    private static let messagesStream = [
        #"{"type":"message_start","message":{"usage":\#(messagesUsage)}}"#,
        #"{"type":"content_block_start","index":@,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
        #"{"type":"content_block_delta","index":@,"delta":{"type":"text_delta","text":"x"}}"#,
        #"{"type":"content_block_stop","index":@}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":\#(messagesUsage)}"#,
        #"{"type":"message_stop"}"#,
    ].map { "data: \($0)\n\n" }.joined()

    private func bytes(_ template: String, _ number: String) -> [UInt8] {
        Array(template.replacing("@", with: number).utf8)
    }

    /// Reads a request as each of the ways through the gateway does.
    private func ask(_ body: [UInt8], _ gateway: Gateway, _ client: any Dialect, _ operation: SiraWire.Operation) throws
    {
        _ = try gateway.indexer.read(body) { try client.envelope(of: $0, operation: operation, path: PathFacts()) }
        for thinking in [ModelTraits.ThinkingWays.budget, .effort] {
            var traits = ModelTraits()
            traits.thinking = thinking
            _ = try gateway.request(body, traits: traits)
        }
    }

    @Test(arguments: extremes) func `in a request for a chat completion`(number: String) {
        for template in Self.chatRequests {
            do {
                try ask(bytes(template, number), Gateway(), OpenAIDialect(), .chat)
            } catch {
                let code = (error as? GatewayError)?.code
                #expect(
                    error is JSONError || [.invalidField, .unsupportedFeature].contains(code),
                    "\(template) \(error)"
                )
            }
        }
    }

    @Test(arguments: extremes) func `in a request for a message`(number: String) {
        let gateway = Gateway(client: AnthropicDialect(), provider: OpenAIDialect())
        for template in Self.messagesRequests {
            do {
                try ask(bytes(template, number), gateway, AnthropicDialect(), .messages)
            } catch {
                let code = (error as? GatewayError)?.code
                #expect(error is JSONError || code == .invalidField, "\(template) \(error)")
            }
        }
    }

    @Test(arguments: extremes) func `in a chat completion`(number: String) throws {
        let gateway = Gateway(client: AnthropicDialect(), provider: OpenAIDialect())
        var observer = OpenAIDialect().makeObserver(.chat, isStream: true, withholdsUsage: false, quirks: Quirks())
        let stream = bytes(Self.chatStream, number)
        _ = try? gateway.answer(bytes(Self.chatAnswer, number))
        _ = try? gateway.stream([stream])
        _ = try gateway.observe([stream], with: &observer)
        expectRange(observer.reported?.usage)
        _ = bytes(Self.chatAnswer, number).withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
        expectRange(observer.reported?.usage)
    }

    @Test(arguments: extremes) func `in a message`(number: String) throws {
        let gateway = Gateway()
        var observer = AnthropicDialect().makeObserver(
            .messages,
            isStream: true,
            withholdsUsage: false,
            quirks: Quirks()
        )
        let stream = bytes(Self.messagesStream, number)
        _ = try? gateway.answer(bytes(Self.messagesAnswer, number))
        _ = try? gateway.stream([stream])
        _ = try gateway.observe([stream], with: &observer)
        expectRange(observer.reported?.usage)
        _ = bytes(Self.messagesAnswer, number).withUnsafeBytes { observer.observe(whole: $0, indexer: gateway.indexer) }
        expectRange(observer.reported?.usage)
    }

    /// No figure may be negative, nor so large that sums of many records leave the range.
    private func expectRange(_ usage: Usage?) {
        guard let usage else { return }
        for figure in [usage.input, usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong, usage.output] {
            #expect((0...1 << 48).contains(figure))
        }
    }

    @Test(arguments: extremes) func `in an error`(number: String) {
        for dialect in [OpenAIDialect(), AnthropicDialect()] as [any Dialect] {
            let body = bytes(#"{"error":{"message":"x","code":@,"status":@,"type":"t"}}"#, number)
            let error = body.withUnsafeBytes { dialect.readError(status: 500, body: $0, indexer: JSONIndexer()) }
            #expect(error.code == .upstreamFailed)
        }
    }

    @Test func `a limit beyond what any model has is named`() {
        for field in ["max_tokens", "max_completion_tokens", "n"] {
            let body = Array(#"{"model":"m","messages":[{"role":"user","content":"x"}],"\#(field)":2147483648}"#.utf8)
            do {
                _ = try Gateway().request(body)
                Issue.record("\(field) was taken")
            } catch {
                #expect((error as? GatewayError)?.field == field)
            }
        }
    }
}
