internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ResponsesCallReader {
    mutating func readTools(_ value: JSONValue) throws(GatewayError) {
        guard value.kind == .array else {
            throw GatewayError(.invalidField, "\"tools\" must be a list.", field: "tools")
        }
        for (index, tool) in value.elements.enumerated() { try readTool(tool, "tools[\(index)]") }
    }

    private mutating func readTool(_ tool: JSONValue, _ path: String) throws(GatewayError) {
        switch tool["type"]?.string {
        case "function":
            call.tools.append(.function(try readFunction(tool, path)))
        case "custom":
            call.tools.append(.function(try readCustom(tool, path)))
        case "namespace":
            // The functions are there all the same, under their own names.
            if tool.present("name") != nil { call.extras.append(path + ".name") }
            for (index, inner) in (tool["tools"]?.elements ?? tool.elements).enumerated() {
                try readTool(inner, "\(path).tools[\(index)]")
            }
        case let type?:
            call.tools.append(.native(.responses, type: type, definition: tool.rawJSON, path: path))
        case nil:
            throw GatewayError(.invalidField, "Each tool must say its \"type\".", field: path + ".type")
        }
    }

    private mutating func readFunction(_ tool: JSONValue, _ path: String) throws(GatewayError) -> FunctionTool {
        call.extras += tool.members(
            beyond: [
                "type", "name", "description", "parameters", "strict", "cache_control", "prompt_cache_breakpoint",
            ],
            path: "tools[]"
        )
        var parameters: RawJSON?
        if let schema = tool.present("parameters") {
            guard schema.kind == .object else {
                throw GatewayError(
                    .invalidField,
                    "A function's parameters are a JSON Schema object.",
                    field: path + ".parameters"
                )
            }
            parameters = schema.typedSchema
        }
        var function = FunctionTool(
            name: try name(of: tool, path),
            description: tool.present("description")?.string,
            parameters: parameters
        )
        // What is not strict here is what the other protocols do unasked.
        function.isStrict = tool["strict"]?.bool == true ? true : nil
        function.cacheMark = tool.cacheMark
        return function
    }

    private mutating func readCustom(_ tool: JSONValue, _ path: String) throws(GatewayError) -> FunctionTool {
        call.extras += tool.members(beyond: ["type", "name", "description", "format"], path: "tools[]")
        if let format = tool.present("format"), format["type"]?.isString("text") != true {
            call.extras.append(path + ".format")
        }
        return FunctionTool(
            name: try name(of: tool, path),
            description: tool.present("description")?.string,
            parameters: ResponsesCustomTool.parameters
        )
    }

    private func name(of tool: JSONValue, _ path: String) throws(GatewayError) -> String {
        guard let name = tool["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "A tool of this type needs a name.", field: path + ".name")
        }
        return name
    }

    mutating func readToolChoice(_ value: JSONValue) throws(GatewayError) {
        switch value.string ?? value["type"]?.string {
        case "auto": call.toolChoice = .auto
        case "none": call.toolChoice = ToolChoice.none
        case "required": call.toolChoice = .required
        case "function", "custom":
            call.toolChoice = .named(try name(of: value, "tool_choice"))
        case "allowed_tools":
            var names: [String] = []
            for (index, tool) in (value["tools"]?.elements ?? value.elements).enumerated() {
                let path = "tool_choice.tools[\(index)]"
                guard ["function", "custom"].contains(tool["type"]?.string) else { throw cannotChoose(path) }
                names.append(try name(of: tool, path))
            }
            call.toolChoice = .among(names, isRequired: value["mode"]?.isString("required") == true)
        case .some where value.kind == .object:
            throw cannotChoose("tool_choice")
        default:
            throw GatewayError(
                .invalidField,
                "\"tool_choice\" must be auto, none, required or an object that names tools.",
                field: "tool_choice"
            )
        }
    }

    private func cannotChoose(_ field: String) -> GatewayError {
        GatewayError(.unsupportedFeature, "This model can be told to use functions only.", field: field)
    }
}
