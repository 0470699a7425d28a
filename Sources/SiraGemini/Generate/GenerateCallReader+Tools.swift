internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension GenerateCallReader {
    mutating func readTools(_ value: JSONValue) throws(GatewayError) {
        for (index, tool) in value.listed.enumerated() {
            let path = "tools[\(index)]"
            try requireObject(tool, path)
            for (key, value) in tool.members where !value.isNull {
                let name = (key.string ?? "").camelCased
                guard name == "functionDeclarations" else {
                    var definition = JSONWriter(capacity: 64)
                    definition.object {
                        $0.key(dynamic: name)
                        $0.element(value)
                    }
                    call.tools.append(
                        .native(
                            .gemini,
                            type: name,
                            definition: RawJSON(bytes: definition.bytes),
                            path: "\(path).\(name)"
                        )
                    )
                    continue
                }
                for (number, function) in value.listed.enumerated() {
                    try readFunction(function, "\(path).functionDeclarations[\(number)]")
                }
            }
        }
    }

    private mutating func readFunction(_ json: JSONValue, _ path: String) throws(GatewayError) {
        guard let name = json["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "A function needs a name.", field: path + ".name")
        }
        call.extras += json.strangers(
            ["name", "description", "parameters", "parametersJsonSchema"],
            path: "tools[].functionDeclarations[]"
        )
        var parameters = json.field("parametersJsonSchema", "parameters_json_schema")?.rawJSON
        if parameters == nil, let schema = json.present("parameters") {
            try requireObject(schema, path + ".parameters")
            parameters = OpenAPISchema.jsonSchema(schema)
        }
        call.tools.append(
            .function(FunctionTool(name: name, description: json["description"]?.string, parameters: parameters))
        )
    }

    mutating func readToolConfig(_ value: JSONValue) throws(GatewayError) {
        try requireObject(value, "toolConfig")
        call.extras += value.strangers(["functionCallingConfig"], path: "toolConfig")
        guard let config = value.field("functionCallingConfig", "function_calling_config") else { return }
        let path = "toolConfig.functionCallingConfig"
        try requireObject(config, path)
        call.extras += config.strangers(["mode", "allowedFunctionNames"], path: path)
        let names = config.field("allowedFunctionNames", "allowed_function_names")?.listed.compactMap(\.string) ?? []
        switch config.present("mode")?.string?.uppercased() {
        case nil, "MODE_UNSPECIFIED": break
        case "NONE": call.toolChoice = ToolChoice.none
        case "AUTO": call.toolChoice = names.isEmpty ? .auto : .among(names, isRequired: false)
        case "VALIDATED":
            call.toolChoice = names.isEmpty ? .auto : .among(names, isRequired: false)
            // That calls follow their schemas exactly is for other providers to promise, function by function.
            call.extras.append(path + ".mode")
        case "ANY":
            switch names.count {
            case 0: call.toolChoice = .required
            case 1: call.toolChoice = .named(names[0])
            default: call.toolChoice = .among(names, isRequired: true)
            }
        default:
            throw GatewayError(
                .invalidField,
                "\"mode\" must be AUTO, ANY, NONE or VALIDATED.",
                field: path + ".mode"
            )
        }
    }
}
