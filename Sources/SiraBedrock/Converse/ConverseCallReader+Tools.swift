internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ConverseCallReader {
    mutating func readTools(_ config: JSONValue) throws(GatewayError) {
        call.extras += config.members(beyond: ["tools", "toolChoice"], path: "toolConfig")
        for (index, tool) in (config["tools"]?.elements ?? config.elements).enumerated() {
            try readTool(tool, "toolConfig.tools[\(index)]")
        }
        guard let choice = config.present("toolChoice") else { return }
        if choice.present("auto") != nil {
            call.toolChoice = .auto
        } else if choice.present("any") != nil {
            call.toolChoice = .required
        } else if let name = choice.present("tool")?["name"]?.string {
            call.toolChoice = .named(name)
        } else {
            throw GatewayError(
                .invalidField,
                "A tool choice is auto, any, or tool with a name.",
                field: "toolConfig.toolChoice"
            )
        }
    }

    private mutating func readTool(_ tool: JSONValue, _ path: String) throws(GatewayError) {
        if let point = tool.present("cachePoint") {
            guard let last = call.tools.indices.last, case .function(var function) = call.tools[last] else {
                return call.extras.append(path + ".cachePoint")
            }
            function.cacheMark = Self.mark(point)
            call.tools[last] = .function(function)
            return
        }
        guard let spec = tool.present("toolSpec") else {
            let type = tool.members.first { _ in true }?.key.string ?? ""
            call.tools.append(.native(.bedrock, type: type, definition: tool.rawJSON, path: path))
            return
        }
        let path = path + ".toolSpec"
        call.extras += spec.members(beyond: ["name", "description", "inputSchema", "strict"], path: path)
        var function = FunctionTool(
            name: try Self.string(spec, "name", path),
            description: spec.present("description")?.string,
            parameters: spec["inputSchema"]?.present("json")?.rawJSON
        )
        function.isStrict = spec["strict"]?.bool
        call.tools.append(.function(function))
    }
}
