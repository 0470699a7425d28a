internal import SiraJSON
internal import SiraWire

/// The parameters that a request and its answer write in the same words.
enum ResponsesParameters {
    static func name(of tier: Call.ServiceTier) -> String {
        tier == .standard ? "default" : tier.rawValue
    }

    /// Writes a function.
    ///
    /// - Parameter isAnswer: whether an answer repeats it, which writes what is absent as null.
    static func write(_ function: FunctionTool, isAnswer: Bool = false, into json: inout JSONWriter) {
        json.object {
            if ResponsesCustomTool.isCustom(function) {
                $0.member("type", "custom")
                $0.member("name", function.name)
                if let description = function.description { $0.member("description", description) }
                return
            }
            $0.member("type", "function")
            $0.member("name", function.name)
            if let description = function.description {
                $0.member("description", description)
            } else if isAnswer {
                $0.null("description")
            }
            $0.member("parameters", function.parameters ?? RawJSON(#"{"type":"object","properties":{}}"#))
            // Where it is not said, OpenAI takes arguments for strict and rewrites the schema.
            $0.member("strict", function.isStrict ?? false)
        }
    }

    /// Writes the value of `tool_choice`.
    ///
    /// - Parameter customs: the names of the tools that take free text.
    static func write(_ choice: ToolChoice, customs: Set<String>, into json: inout JSONWriter) {
        switch choice {
        case .auto: json.element("auto")
        case .none: json.element("none")
        case .required: json.element("required")
        case .named(let name): write(named: name, customs, into: &json)
        case .among(let names, let isRequired):
            json.object {
                $0.member("type", "allowed_tools")
                $0.member("mode", isRequired ? "required" : "auto")
                $0.array("tools") {
                    for name in names { write(named: name, customs, into: &$0) }
                }
            }
        }
    }

    private static func write(named name: String, _ customs: Set<String>, into json: inout JSONWriter) {
        json.object {
            $0.member("type", customs.contains(name) ? "custom" : "function")
            $0.member("name", name)
        }
    }

    /// Writes the value of `text.format`.
    ///
    /// - Parameter isAnswer: whether an answer repeats it, which writes what is absent as null.
    static func write(_ format: OutputFormat, isAnswer: Bool = false, into json: inout JSONWriter) {
        json.object {
            switch format {
            case .text: $0.member("type", "text")
            case .jsonObject: $0.member("type", "json_object")
            case .jsonSchema(let schema):
                $0.member("type", "json_schema")
                $0.member("name", schema.name ?? "response")
                if let description = schema.description {
                    $0.member("description", description)
                } else if isAnswer {
                    $0.null("description")
                }
                $0.member("schema", schema.schema)
                if isAnswer || schema.isStrict != nil { $0.member("strict", schema.isStrict ?? false) }
            }
        }
    }
}

extension Call {
    /// The names of the tools that take free text.
    var customTools: Set<String> {
        Set(
            tools.compactMap { tool in
                guard case .function(let function) = tool, ResponsesCustomTool.isCustom(function) else { return nil }
                return function.name
            }
        )
    }

    /// The ids of the calls of some tools.
    func ids(ofCallsOf names: Set<String>) -> Set<String> {
        var ids: Set<String> = []
        for turn in turns {
            for part in turn.parts {
                if case .toolCall(let tool) = part.content, names.contains(tool.name) { ids.insert(tool.id) }
            }
        }
        return ids
    }
}
