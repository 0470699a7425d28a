internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// The object around an answer's output, which repeats the request's parameters.
struct ResponsesShape {
    private let request: AnswerRequest
    /// The members that are the same however far the answer is, with commas between them.
    private let parameters: [UInt8]

    /// How far an answer is.
    enum Status {
        case inProgress, completed
        case incomplete(String)
        case failed(GatewayError)

        init(_ reason: StopReason) {
            self =
                switch reason {
                case .complete, .stopString, .toolCalls, .paused: .completed
                case .outputLimit, .contextLimit: .incomplete("max_output_tokens")
                case .refusal: .incomplete("content_filter")
                }
        }

        var word: String {
            switch self {
            case .inProgress: "in_progress"
            case .completed: "completed"
            case .incomplete: "incomplete"
            case .failed: "failed"
            }
        }

        /// Why the answer is not complete.
        var reason: String? { if case .incomplete(let reason) = self { reason } else { nil } }
    }

    init(_ request: AnswerRequest) {
        parameters = Self.parameters(request)
        self.request = request.withoutTurns
    }

    /// Writes the object.
    func response(
        _ status: Status,
        output: ResponsesOutput,
        tier: Call.ServiceTier?,
        usage: Usage?
    ) -> RawJSON {
        var json = JSONWriter(capacity: output.length + parameters.count + 1_024)
        json.object {
            $0.member("id", "resp_" + request.request.description.dropFirst(4))
            $0.member("object", "response")
            $0.member("created_at", request.createdAt.seconds)
            $0.member("status", status.word)
            writeFailure(status, into: &$0)
            $0.member("model", request.model)
            $0.array("output") {
                for item in output.ordered { $0.element(item) }
            }
            if !output.strangeBlocks.isEmpty {
                $0.array("provider_blocks") {
                    for block in output.strangeBlocks { $0.element(block) }
                }
            }
            $0.member("service_tier", ResponsesParameters.name(of: tier ?? request.call?.serviceTier ?? .auto))
            if let usage { $0.member("usage", Self.usage(usage)) } else { $0.null("usage") }
        }
        // Both are objects that are not empty: the one goes on where the other ends.
        return RawJSON(bytes: json.bytes.dropLast() + [UInt8(ascii: ",")] + parameters.dropFirst())
    }

    private func writeFailure(_ status: Status, into json: inout JSONWriter) {
        if case .failed(let error) = status {
            json.object("error") {
                $0.member("code", Self.code(of: error))
                $0.member("message", "\(error.message) (request \(request.request))")
            }
        } else {
            json.null("error")
        }
        if let reason = status.reason {
            json.object("incomplete_details") { $0.member("reason", reason) }
        } else {
            json.null("incomplete_details")
        }
    }

    /// The word for a failure, of the few that the protocol has.
    private static func code(of error: GatewayError) -> String {
        switch error.code {
        case .upstreamRateLimited, .overloaded: "rate_limit_exceeded"
        case .upstreamRejected: "invalid_prompt"
        default: "server_error"
        }
    }

    private static func usage(_ usage: Usage) -> RawJSON {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("input_tokens", usage.input)
            $0.object("input_tokens_details") {
                $0.member("cached_tokens", usage.cacheRead)
                $0.member("cache_write_tokens", usage.cacheWrite + usage.cacheWriteLong)
            }
            $0.member("output_tokens", usage.output)
            $0.object("output_tokens_details") { $0.member("reasoning_tokens", usage.reasoning) }
            $0.member("total_tokens", usage.total)
        }
        return RawJSON(bytes: json.bytes)
    }

    // MARK: the request's parameters

    /// The request's parameters as an object, with the protocol's defaults where the client says nothing.
    private static func parameters(_ request: AnswerRequest) -> [UInt8] {
        let call = request.call ?? Call(turns: [])
        var json = JSONWriter(capacity: 1_024)
        json.object {
            $0.member("background", false)
            $0.null("completed_at")
            if let instructions = call.instructions {
                $0.member("instructions", instructions)
            } else {
                $0.null("instructions")
            }
            $0.optional("max_output_tokens", call.sampling.outputLimit)
            $0.null("max_tool_calls")
            $0.optional("previous_response_id", request.previous)
            $0.member("metadata", call.metadata ?? RawJSON("{}"))
            $0.member("temperature", call.sampling.temperature ?? 1)
            $0.member("top_p", call.sampling.topP ?? 1)
            $0.member("presence_penalty", call.sampling.presencePenalty ?? 0)
            $0.member("frequency_penalty", call.sampling.frequencyPenalty ?? 0)
            $0.member("top_logprobs", call.logprobs?.alternatives ?? 0)
            $0.member("truncation", "disabled")
            $0.member("store", call.keepsAnswer ?? true)
            $0.optional("user", call.endUser)
            $0.optional("prompt_cache_key", call.cacheKey)
            $0.null("safety_identifier")
            writeReasoning(call.reasoning, into: &$0)
            $0.object("text") {
                $0.key("format")
                ResponsesParameters.write(call.outputFormat, isAnswer: true, into: &$0)
                $0.member("verbosity", call.verbosity ?? "medium")
            }
            // Where nobody has read the request, nothing is claimed of it.
            $0.member("parallel_tool_calls", call.callsToolsInParallel ?? (request.call != nil))
            writeTools(call, into: &$0)
        }
        return json.bytes
    }

    private static func writeReasoning(_ reasoning: Reasoning, into json: inout JSONWriter) {
        json.object("reasoning") {
            $0.optional("effort", reasoning.effort?.rawValue)
            $0.optional("summary", reasoning.display == "summarized" ? "auto" : nil)
        }
    }

    private static func writeTools(_ call: Call, into json: inout JSONWriter) {
        json.key("tool_choice")
        ResponsesParameters.write(call.toolChoice ?? .auto, customs: call.customTools, into: &json)
        json.array("tools") {
            for tool in call.tools {
                switch tool {
                case .function(let function): ResponsesParameters.write(function, isAnswer: true, into: &$0)
                case .native(_, _, let definition, _): $0.element(definition)
                }
            }
        }
    }
}

extension Call {
    /// What the client said in `instructions`.
    fileprivate var instructions: String? {
        guard let first = turns.first, first.path == "instructions", case .text(let text)? = first.parts.first?.content
        else { return nil }
        return text
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ key: StaticString, _ value: String?) {
        if let value { member(key, value) } else { null(key) }
    }

    fileprivate mutating func optional(_ key: StaticString, _ value: Int?) {
        if let value { member(key, value) } else { null(key) }
    }
}

extension AnswerRequest {
    /// The request without what was said: a stream that is open for long needs no more.
    var withoutTurns: AnswerRequest {
        var copy = self
        copy.call?.turns = []
        return copy
    }
}
