package import SiraJSON

/// Something that the model may use.
package enum Tool: Sendable {
    case function(FunctionTool)
    /// A tool that a provider runs or knows by itself, as a client of that protocol wrote it. `type` is its type there.
    case native(WireProtocol, type: String, definition: RawJSON, path: String)
}

/// A function that the client runs when the model asks for it.
package struct FunctionTool: Sendable {
    package var name: String
    package var description: String?
    /// The JSON Schema of its arguments, an object schema; nil when it takes none.
    package var parameters: RawJSON?
    /// Whether arguments must satisfy the schema exactly.
    package var isStrict: Bool?
    package var cacheMark: CacheMark?

    package init(name: String, description: String?, parameters: RawJSON?) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether the model must use a tool.
package enum ToolChoice: Hashable, Sendable {
    /// As it likes.
    case auto
    /// It must not.
    case none
    /// It must use one or more.
    case required
    /// It must use this one.
    case named(String)
    /// Only these may be used, as it likes, or one of them must be.
    case among([String], isRequired: Bool)
}

/// The model's wish that a function be run.
package struct ToolCall: Sendable {
    package var id: String
    package var name: String
    /// A JSON object as text.
    ///
    /// Not checked: models write it, and not always well.
    package var arguments: String
    /// The provider's proof of the thought that led to the call; Gemini refuses calls to go on from without it.
    package var signature: String?

    package init(id: String, name: String, arguments: String, signature: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }
}

/// What running a function gave.
package struct ToolResult: Sendable {
    /// The ``ToolCall/id`` that it answers.
    package var callID: String
    /// The function's name, where the protocol gives it; readers that know only the id find it in the call.
    package var name: String?
    package var parts: [Part]
    package var isError: Bool

    package init(callID: String, parts: [Part], isError: Bool = false) {
        self.callID = callID
        self.parts = parts
        self.isError = isError
    }
}
