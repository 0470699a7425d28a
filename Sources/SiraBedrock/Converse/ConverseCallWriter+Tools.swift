internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ConverseCallWriter {
    /// Writes the tools.
    ///
    /// The protocol cannot forbid them: they are left out then, where the conversation does not speak of any. Where it
    /// does and the client declares none, those that have been called are declared, as the protocol demands.
    mutating func writeTools(
        _ conversation: AlternatingTurns,
        _ thinking: ThinkingFields,
        into json: inout JSONWriter
    ) {
        var tools = call.tools
        switch call.toolChoice {
        case ToolChoice.none? where !conversation.speaksOfTools: return
        case ToolChoice.none?:
            if !tools.isEmpty { dropped.append(call.path(of: .toolChoice)) }
        case .among(let names, _):
            tools.removeAll { if case .function(let function) = $0 { !names.contains(function.name) } else { true } }
        case .auto, .required, .named, nil: break
        }
        if tools.isEmpty {
            tools = conversation.calledTools.map {
                .function(FunctionTool(name: $0, description: "Not available any more.", parameters: nil))
            }
            if call.toolChoice == .required { dropped.append(call.path(of: .toolChoice)) }
            if case .named? = call.toolChoice { dropped.append(call.path(of: .toolChoice)) }
        }
        guard !tools.isEmpty else { return }
        if call.callsToolsInParallel == false { dropped.append(call.path(of: .parallelTools)) }
        json.object("toolConfig") {
            $0.array("tools") {
                for tool in tools { writeTool(tool, into: &$0) }
            }
            writeToolChoice(thinking, into: &$0)
        }
    }

    private mutating func writeToolChoice(_ thinking: ThinkingFields, into json: inout JSONWriter) {
        let choice = call.tools.isEmpty ? nil : call.toolChoice
        switch choice {
        case nil, .auto, ToolChoice.none?, .among(_, isRequired: false): return  // what the model does by itself
        case .required, .named, .among(_, isRequired: true): break
        }
        guard family.takesToolChoice, !thinking.forbidsForcedTools, !target.traits.refuses.contains(.forcedTool) else {
            return dropped.append(call.path(of: .toolChoice))
        }
        json.object("toolChoice") {
            if case .named(let name)? = choice {
                $0.object("tool") { $0.member("name", name) }
            } else {
                $0.object("any") { _ in }
            }
        }
    }

    private mutating func writeTool(_ tool: Tool, into json: inout JSONWriter) {
        switch tool {
        case .native(.bedrock, _, let definition, _):
            json.element(definition)
        case .native(_, let type, _, let path):
            refuse(.unsupportedFeature, "Bedrock has no tool of type \(type); declare a function.", field: path)
        case .function(let function):
            json.object {
                $0.object("toolSpec") {
                    $0.member("name", function.name)
                    if let description = function.description, !description.isEmpty {
                        $0.member("description", description)
                    }
                    $0.object("inputSchema") {
                        $0.member("json", function.parameters ?? RawJSON(#"{"type":"object","properties":{}}"#))
                    }
                    guard function.isStrict == true else { return }
                    if ModelFamily.keepsSchemas(model: target.name) {
                        $0.member("strict", true)
                    } else {
                        dropped.append(call.path(of: .toolStrictness))
                    }
                }
            }
            writeMark(function.cacheMark, call.path(of: .toolCacheMark), into: &json)
        }
    }

    /// Writes the mark that has the prompt up to here cached, a block of its own.
    ///
    /// - Parameter path: where the mark stands in the client's request.
    mutating func writeMark(_ mark: CacheMark?, _ path: String, into json: inout JSONWriter) {
        guard let mark else { return }
        guard family.cachesPrompts else { return dropped.append(path) }
        json.object {
            $0.object("cachePoint") {
                $0.member("type", "default")
                if mark == .long { $0.member("ttl", "1h") }
            }
        }
    }
}
