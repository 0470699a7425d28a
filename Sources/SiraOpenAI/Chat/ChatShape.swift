internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// What is around the content in each chunk and in the whole answer.
///
/// Most of it is the same for all chunks of an answer, and made once.
struct ChatShape {
    private let id: String
    private let model: String
    private let created: Int64
    private let chunkHead: [UInt8]
    private let chunkTail: [UInt8]

    init(_ request: AnswerRequest) {
        id = "chatcmpl-" + request.request.description.dropFirst(4)
        model = request.model
        created = request.createdAt.seconds
        var head = Array("data: {\"id\":\"\(id)\",\"object\":\"chat.completion.chunk\",\"created\":\(created),".utf8)
        head += "\"model\":".utf8
        JSONWriter.append(model, to: &head)
        chunkHead = head
        chunkTail = Array((request.asksForUsage ? ",\"usage\":null}\n\n" : "}\n\n").utf8)
    }

    /// One of the answers, to be written whole.
    struct Answer {
        var index: Int
        var message: ChatMessage
        var finish: String
    }

    /// A chunk with a piece of the message.
    ///
    /// - Parameter logprobs: an object that holds `logprobs` alone; empty for none.
    func appendChunk(
        _ delta: [UInt8],
        _ choice: Int,
        logprobs: [UInt8] = [],
        _ tier: Call.ServiceTier?,
        to output: inout [UInt8]
    ) {
        appendHead(tier, to: &output)
        output += ",\"choices\":[{\"index\":\(choice),\"delta\":".utf8
        output += delta
        if !logprobs.isEmpty {
            output.append(UInt8(ascii: ","))
            output += logprobs.dropFirst().dropLast()
        }
        output += ",\"finish_reason\":null}]".utf8
        output += chunkTail
    }

    /// The chunk that says why the answer ended.
    func appendFinish(_ reason: String, _ choice: Int, _ tier: Call.ServiceTier?, to output: inout [UInt8]) {
        appendHead(tier, to: &output)
        output += ",\"choices\":[{\"index\":\(choice),\"delta\":{},\"finish_reason\":\"\(reason)\"}]".utf8
        output += chunkTail
    }

    /// The chunk with the figures, which comes after the finish where the client asked for it.
    func appendUsageChunk(_ usage: Usage, to output: inout [UInt8]) {
        appendHead(nil, to: &output)
        output += ",\"choices\":[],\"usage\":".utf8
        output += Self.usage(usage).bytes
        output += "}\n\n".utf8
    }

    private func appendHead(_ tier: Call.ServiceTier?, to output: inout [UInt8]) {
        output += chunkHead
        guard let tier else { return }
        output += ",\"service_tier\":\"\(Self.name(of: tier))\"".utf8
    }

    /// The whole completion.
    func appendAnswers(_ answers: [Answer], _ tier: Call.ServiceTier?, usage: Usage?, to output: inout [UInt8]) {
        var json = JSONWriter(capacity: 1024)
        json.object {
            $0.member("id", id)
            $0.member("object", "chat.completion")
            $0.member("created", created)
            $0.member("model", model)
            $0.array("choices") {
                for answer in answers {
                    $0.object {
                        $0.member("index", answer.index)
                        $0.key("message")
                        answer.message.write(into: &$0)
                        answer.message.writeLogprobs(into: &$0)
                        $0.member("finish_reason", answer.finish)
                    }
                }
            }
            if let usage { $0.member("usage", Self.usage(usage)) }
            if let tier { $0.member("service_tier", Self.name(of: tier)) }
        }
        output += json.bytes
    }

    private static func name(of tier: Call.ServiceTier) -> String {
        tier == .standard ? "default" : tier.rawValue
    }

    /// The figures as OpenAI writes them, and what it has no word for as other gateways do.
    private static func usage(_ usage: Usage) -> RawJSON {
        let written = usage.cacheWrite + usage.cacheWriteLong
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("prompt_tokens", usage.input)
            $0.member("completion_tokens", usage.output)
            $0.member("total_tokens", usage.total)
            $0.object("prompt_tokens_details") {
                $0.member("cached_tokens", usage.cacheRead)
                if written > 0 { $0.member("cache_write_tokens", written) }
                if usage.inputAudio > 0 { $0.member("audio_tokens", usage.inputAudio) }
                if usage.inputImage > 0 { $0.member("image_tokens", usage.inputImage) }
            }
            if usage.reasoning > 0 || usage.outputAudio > 0 || usage.outputImage > 0 {
                $0.object("completion_tokens_details") {
                    $0.member("reasoning_tokens", usage.reasoning)
                    if usage.outputAudio > 0 { $0.member("audio_tokens", usage.outputAudio) }
                    if usage.outputImage > 0 { $0.member("image_tokens", usage.outputImage) }
                }
            }
            if usage.cacheRead > 0 || written > 0 { $0.member("cache_read_input_tokens", usage.cacheRead) }
            if written > 0 { $0.member("cache_creation_input_tokens", written) }
            if usage.webSearches > 0 {
                $0.object("server_tool_use") { $0.member("web_search_requests", usage.webSearches) }
            }
        }
        return RawJSON(bytes: json.bytes)
    }
}
