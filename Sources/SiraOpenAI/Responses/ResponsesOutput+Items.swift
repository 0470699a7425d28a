internal import SiraJSON
internal import SiraWire

extension ResponsesOutput {
    mutating func think(_ text: String, part: Int, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        let at = openThought(part, &stream, &bytes)
        // No copy of the item is held while its text grows: each piece would copy all of it.
        let thought = open[at].place
        if open[at].text.isEmpty {
            let item = open[at]
            stream.write("response.reasoning_summary_part.added", into: &bytes) {
                item.writePlace(summary: 0, into: &$0)
                $0.key("part")
                ResponsesItem.writeSummary("", into: &$0)
            }
        }
        open[at].text += text
        grow(by: text)
        let place = thought + Array("\"summary_index\":0,".utf8)
        stream.write(piece: text, as: "response.reasoning_summary_text.delta", at: place, into: &bytes)
    }

    private mutating func grow(by text: String) { length += text.utf8.count }

    private mutating func openThought(
        _ part: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) -> Int {
        if let last = open.last, case .reasoning = last.kind, last.part == part { return open.count - 1 }
        begin(.reasoning, part: part, &stream, &bytes)
        return open.count - 1
    }

    static func endThought(_ item: ResponsesItem, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        guard !item.text.isEmpty else { return }
        stream.write("response.reasoning_summary_text.done", into: &bytes) {
            item.writePlace(summary: 0, into: &$0)
            $0.member("text", item.text)
        }
        stream.write("response.reasoning_summary_part.done", into: &bytes) {
            item.writePlace(summary: 0, into: &$0)
            $0.key("part")
            ResponsesItem.writeSummary(item.text, into: &$0)
        }
    }

    /// Takes the proof of a part: of a thought it is the item's own, of a call it follows in an item of its own.
    mutating func seal(_ proof: String, part: Int, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        if let at = open.lastIndex(where: { $0.part == part }) {
            switch open[at].kind {
            case .call(let id, _, _):
                open[at].seal = .call(id: id, signature: proof)
                return
            // A proof of text proves nothing that could be sent back.
            case .message: return
            case .reasoning: break
            }
        }
        let at = openThought(part, &stream, &bytes)
        open[at].seal = ResponsesSeal(proofOfThought: proof)
        grow(by: proof)
    }

    /// Adds an item that holds nothing but a proof.
    mutating func append(seal: ResponsesSeal, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        closeAll(isCutShort: false, &stream, &bytes)
        var item = ResponsesItem(.reasoning, index: count, part: -1, serial: serial)
        item.seal = seal
        append(item.json(isDone: true), &stream, &bytes)
    }

    mutating func open(
        callOf name: String,
        id: String,
        part: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        let id = id.isEmpty ? "call_\(serial)_\(count)" : id
        begin(.call(id: id, name: name, isCustom: customs.contains(name)), part: part, &stream, &bytes)
    }

    mutating func add(
        arguments piece: String,
        part: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        guard let at = open.lastIndex(where: { $0.part == part && $0.kind.isCall }) else { return }
        open[at].text += piece
        grow(by: piece)
        // The text of a custom tool is told when the JSON around it is complete.
        if case .call(_, _, isCustom: true) = open[at].kind { return }
        let place = open[at].place
        stream.write(piece: piece, as: "response.function_call_arguments.delta", at: place, into: &bytes)
    }

    static func endCall(_ item: ResponsesItem, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        guard case .call(_, let name, let isCustom) = item.kind else { return }
        if isCustom {
            let input = ResponsesCustomTool.input(of: item.text)
            stream.write(piece: input, as: "response.custom_tool_call_input.delta", at: item.place, into: &bytes)
            stream.write("response.custom_tool_call_input.done", into: &bytes) {
                item.writePlace(into: &$0)
                $0.member("input", input)
            }
        } else {
            stream.write("response.function_call_arguments.done", into: &bytes) {
                item.writePlace(into: &$0)
                $0.member("name", name)
                $0.member("arguments", item.text)
            }
        }
    }

    /// Adds what the model made that is no text: a picture as the tool that makes pictures gives it, else where it is.
    mutating func append(_ media: Media, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        guard case .base64(let type, let data) = media, type.hasPrefix("image/") else {
            let address = media.addressOrData ?? ""
            return say("[\(address)](\(address))", part: -1, isRefusal: false, [], &stream, &bytes)
        }
        var json = JSONWriter(capacity: data.utf8.count + 128)
        json.object {
            $0.member("id", "ig_\(serial)_\(count)")
            $0.member("type", "image_generation_call")
            $0.member("status", "completed")
            $0.member("output_format", String(type.dropFirst(6)))
            $0.member("result", data)
        }
        append(RawJSON(bytes: json.bytes), &stream, &bytes)
    }

    /// Adds a block that only one protocol has: an item where it is this one, else it is kept beside the output.
    mutating func append(
        _ block: RawJSON,
        of dialect: WireProtocol,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        guard dialect != .responses else { return append(block, &stream, &bytes) }
        strangeBlocks.append(block)
        length += block.bytes.count
    }
}
