import SiraCore
import SiraJSON
import SiraWire

/// An answer as Ollama gives it, of what its protocol has words for.
///
/// Made by hand: Sira has no clients of this protocol, and so nothing else that would write one.
struct OllamaAnswer {
    private var text = ""
    private var thinking = ""
    private var calls: [(part: Int, name: String, arguments: String)] = []
    private var logprobs: [TokenLogprob] = []
    private var reason = "stop"
    private var usage: (input: Int, output: Int)?

    init(_ events: [AnswerEvent]) {
        for event in events {
            switch event {
            case .text(_, let piece): text += piece
            case .thinking(_, let piece): thinking += piece
            case .toolCall(let part, _, let name): calls.append((part, name, ""))
            case .toolArguments(let part, let piece):
                if let index = calls.firstIndex(where: { $0.part == part }) { calls[index].arguments += piece }
            case .logprobs(_, let tokens): logprobs += tokens
            case .usage(let figures): usage = (figures.usage.input, figures.usage.output)
            case .stop(.outputLimit): reason = "length"
            // There is one answer, and no other answer's words belong to it.
            case .choice: return
            default: break
            }
        }
    }

    /// The whole answer, or a stream of a line for each kind of content.
    func body(isStream: Bool) -> [UInt8] {
        guard isStream else { return object(thinking: thinking, text: text, calls: calls, isLast: true) }
        var lines: [[UInt8]] = []
        if !thinking.isEmpty { lines.append(object(thinking: thinking)) }
        if !text.isEmpty { lines.append(object(text: text)) }
        for call in calls { lines.append(object(calls: [call])) }
        lines.append(object(isLast: true))
        return lines.flatMap { $0 + [0x0A] }
    }

    private func object(
        thinking: String = "",
        text: String = "",
        calls: [(part: Int, name: String, arguments: String)] = [],
        isLast: Bool = false
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.member("model", "model")
            $0.object("message") {
                $0.member("role", "assistant")
                $0.member("content", text)
                if !thinking.isEmpty { $0.member("thinking", thinking) }
                guard !calls.isEmpty else { return }
                $0.array("tool_calls") { list in
                    for call in calls {
                        list.object {
                            $0.object("function") {
                                $0.member("name", call.name)
                                $0.member("arguments", RawJSON(call.arguments))
                            }
                        }
                    }
                }
            }
            $0.member("done", isLast)
            guard isLast else { return }
            $0.member("done_reason", reason)
            if !logprobs.isEmpty {
                $0.array("logprobs") { list in
                    for token in logprobs {
                        list.object {
                            $0.member("token", token.token)
                            $0.member("logprob", token.logprob)
                        }
                    }
                }
            }
            guard let usage else { return }
            $0.member("prompt_eval_count", usage.input)
            $0.member("eval_count", usage.output)
        }
        return json.bytes
    }
}
