internal import SiraJSON
internal import SiraWire

/// An item of the output that is being written.
struct ResponsesItem {
    enum Kind {
        case message
        case reasoning
        case call(id: String, name: String, isCustom: Bool)
    }

    let kind: Kind
    /// Its place in the output.
    let index: Int
    let id: String
    /// The answer's part that it is; of a message, the part that goes on.
    var part: Int
    var contents: [Content] = []
    /// The thought, or the call's arguments.
    var text = ""
    /// The proof of the item's thought, or of the one that led to the call, which follows in an item of its own.
    var seal: ResponsesSeal?
    var isCutShort = false

    struct Content {
        let isRefusal: Bool
        let part: Int
        /// The members that say where a piece of it belongs.
        let place: [UInt8]
        var text = ""
        /// Unicode scalars of `text`.
        var length = 0
        var annotations: [RawJSON] = []
        /// Sources whose place in the text is known when the part ends.
        var openCitations: [Citation] = []
        var logprobs: [TokenLogprob] = []
    }

    init(_ kind: Kind, index: Int, part: Int, serial: Substring) {
        self.kind = kind
        self.index = index
        self.part = part
        let prefix =
            switch kind {
            case .message: "msg"
            case .reasoning: "rs"
            case .call(_, _, let isCustom): isCustom ? "ctc" : "fc"
            }
        id = "\(prefix)_\(serial)_\(index)"
    }

    /// The members that say where a piece of the item belongs.
    var place: [UInt8] { Array("\"item_id\":\"\(id)\",\"output_index\":\(index),".utf8) }

    /// The item as far as it is known.
    func json(isDone: Bool) -> RawJSON {
        let status = isDone ? isCutShort ? "incomplete" : "completed" : "in_progress"
        var json = JSONWriter(capacity: text.utf8.count + 256)
        json.object {
            $0.member("id", id)
            switch kind {
            case .message:
                $0.member("type", "message")
                $0.member("status", status)
                $0.member("role", "assistant")
                $0.array("content") {
                    for content in contents { content.write(isDone: true, into: &$0) }
                }
            case .reasoning:
                $0.member("type", "reasoning")
                $0.array("summary") {
                    if isDone, !text.isEmpty { Self.writeSummary(text, into: &$0) }
                }
                if let seal { $0.member("encrypted_content", seal.text) }
            case .call(let call, let name, let isCustom):
                $0.member("type", isCustom ? "custom_tool_call" : "function_call")
                $0.member("status", status)
                $0.member("call_id", call)
                $0.member("name", name)
                let arguments = isDone ? text : ""
                if isCustom {
                    $0.member("input", isDone ? ResponsesCustomTool.input(of: arguments) : "")
                } else {
                    $0.member("arguments", arguments)
                }
            }
        }
        return RawJSON(bytes: json.bytes)
    }

    static func writeSummary(_ text: String, into json: inout JSONWriter) {
        json.object {
            $0.member("type", "summary_text")
            $0.member("text", text)
        }
    }
}

extension ResponsesItem.Content {
    /// Writes the part, or, before anything is in it, its empty shape.
    func write(isDone: Bool, into json: inout JSONWriter) {
        json.object {
            if isRefusal {
                $0.member("type", "refusal")
                $0.member("refusal", isDone ? text : "")
                return
            }
            $0.member("type", "output_text")
            $0.member("text", isDone ? text : "")
            $0.array("annotations") {
                if isDone { for annotation in annotations { $0.element(annotation) } }
            }
            $0.array("logprobs") {
                if isDone { for one in logprobs { one.writeResponses(into: &$0) } }
            }
        }
    }
}

extension TokenLogprob {
    /// Writes the figures as Responses has them.
    func writeResponses(isAlternative: Bool = false, into json: inout JSONWriter) {
        json.object {
            $0.member("token", token)
            $0.member("logprob", logprob)
            $0.array("bytes") {
                for byte in bytes ?? Array(token.utf8) { $0.element(byte) }
            }
            guard !isAlternative else { return }
            $0.array("top_logprobs") {
                for other in alternatives { other.writeResponses(isAlternative: true, into: &$0) }
            }
        }
    }
}
