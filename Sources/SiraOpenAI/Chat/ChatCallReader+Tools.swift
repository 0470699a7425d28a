internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ChatCallReader {
    mutating func readTools(_ value: JSONValue) throws(GatewayError) {
        guard value.kind == .array else {
            throw GatewayError(.invalidField, "\"tools\" must be a list.", field: "tools")
        }
        for (index, tool) in value.elements.enumerated() {
            let path = "tools[\(index)]"
            if let type = tool["type"]?.string, type != "function" {
                call.tools.append(.native(.openai, type: type, definition: tool.rawJSON, path: path))
                continue
            }
            call.extras += tool.members(
                beyond: ["type", "function", "cache_control", "prompt_cache_breakpoint"],
                path: "tools[]"
            )
            guard let function = tool.present("function") else {
                throw GatewayError(
                    .invalidField,
                    "A tool of type function needs \"function\".",
                    field: path + ".function"
                )
            }
            var read = try readFunction(function, path: path + ".function")
            read.cacheMark = tool.cacheMark ?? function.cacheMark
            if let key = tool.cacheMarkKey {
                call.paths[.toolCacheMark] = "tools[].\(key)"
            } else if let key = function.cacheMarkKey {
                call.paths[.toolCacheMark] = "tools[].function.\(key)"
            }
            call.tools.append(.function(read))
        }
    }

    /// Reads `functions`, which came before `tools`.
    mutating func readFunctions(_ value: JSONValue) throws(GatewayError) {
        for (index, function) in value.elements.enumerated() {
            call.tools.append(.function(try readFunction(function, path: "functions[\(index)]")))
        }
        call.paths[.toolSchema] = "functions[].parameters"
        call.paths[.toolStrictness] = "functions[].strict"
    }

    private mutating func readFunction(_ json: JSONValue, path: String) throws(GatewayError) -> FunctionTool {
        call.extras += json.members(
            beyond: ["name", "description", "parameters", "strict", "cache_control", "prompt_cache_breakpoint"],
            path: path.hasPrefix("functions") ? "functions[]" : "tools[].function"
        )
        guard let name = json["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "A function needs a name.", field: path + ".name")
        }
        var parameters: RawJSON?
        if let schema = json.present("parameters") {
            guard schema.kind == .object else {
                throw GatewayError(
                    .invalidField,
                    "A function's parameters are a JSON Schema object.",
                    field: path + ".parameters"
                )
            }
            parameters = schema.typedSchema
        }
        var tool = FunctionTool(name: name, description: json["description"]?.string, parameters: parameters)
        tool.isStrict = json["strict"]?.bool
        return tool
    }

    mutating func readToolChoice(_ value: JSONValue, field: String) throws(GatewayError) {
        call.paths[.toolChoice] = field
        switch value.string {
        case "auto": call.toolChoice = .auto
        case "none": call.toolChoice = ToolChoice.none
        case "required": call.toolChoice = .required
        default:
            if let allowed = value.present("allowed_tools") {
                return try readAllowedTools(allowed, field: field + ".allowed_tools")
            }
            let named = value["function"]?["name"] ?? value["custom"]?["name"] ?? value["name"]
            guard let name = named?.string, !name.isEmpty else {
                let isKnown = value["type"]?.string != nil
                throw GatewayError(
                    isKnown ? .unsupportedFeature : .invalidField,
                    "\"\(field)\" must be auto, none, required or the name of one function.",
                    field: field
                )
            }
            call.toolChoice = .named(name)
        }
    }

    private mutating func readAllowedTools(_ value: JSONValue, field: String) throws(GatewayError) {
        var names: [String] = []
        for (index, tool) in (value["tools"]?.elements ?? value.elements).enumerated() {
            guard let name = (tool["function"]?["name"] ?? tool["custom"]?["name"] ?? tool["name"])?.string else {
                throw GatewayError(.invalidField, "Name the tool.", field: "\(field).tools[\(index)].function.name")
            }
            names.append(name)
        }
        guard !names.isEmpty else {
            throw GatewayError(.invalidField, "List the tools that are allowed.", field: field + ".tools")
        }
        call.toolChoice = .among(names, isRequired: value["mode"]?.isString("required") == true)
    }
}

extension JSONValue {
    /// Where a client that knows Anthropic's or OpenAI's marks wants the prompt cached up to here.
    var cacheMark: CacheMark? {
        if let control = present("cache_control") {
            return control["ttl"]?.isString("1h") == true ? .long : .short
        }
        return present("prompt_cache_breakpoint") == nil ? nil : .short
    }

    /// The name of the member that is such a mark; nil when there is none.
    var cacheMarkKey: String? {
        if present("cache_control") != nil { return "cache_control" }
        return present("prompt_cache_breakpoint") == nil ? nil : "prompt_cache_breakpoint"
    }
}

extension Part {
    /// Takes the mark that a client has set on `json`, which stands at `path`; one of the part's own stays.
    mutating func takeMark(of json: JSONValue, at path: String) {
        guard cacheMark == nil, let mark = json.cacheMark, let key = json.cacheMarkKey else { return }
        cacheMark = mark
        paths[.cacheMark] = "\(path).\(key)"
    }
}
