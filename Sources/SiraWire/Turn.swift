package import SiraJSON

/// What one side says before the other does.
package struct Turn: Sendable {
    package var role: Role
    package var parts: [Part]
    /// Which of several speakers of the role it is, where the client says so.
    package var name: String?
    /// Where it stands in the client's request, such as `messages[3]`.
    package var path: String

    package init(role: Role, parts: [Part], path: String) {
        self.role = role
        self.parts = parts
        self.path = path
    }

    /// Who speaks.
    ///
    /// Results of tools are parts of a user's turn.
    package enum Role: Sendable {
        /// Instructions, called `system` or `developer`.
        case instructions
        case user
        case assistant
    }
}

/// A piece of a turn.
package struct Part: Sendable {
    package var content: PartContent
    /// Set where the client wants the prompt up to this part kept in the provider's cache.
    package var cacheMark: CacheMark?
    /// Where it stands in the client's request, such as `messages[3].content[0]`.
    package var path: String
    /// The JSON paths of those of its fields that stand elsewhere than ``Call/path(of:in:)`` finds of itself.
    package var paths: [CallField: String] = [:]

    package init(_ content: PartContent, path: String, cacheMark: CacheMark? = nil) {
        self.content = content
        self.path = path
        self.cacheMark = cacheMark
    }
}

/// What a part is.
package enum PartContent: Sendable {
    case text(String)
    /// The assistant's words where it declined to answer.
    case refusal(String)
    case image(Media, detail: String?)
    case audio(Media)
    case document(Document)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    case thinking(Thought)
    /// Thinking that only its provider can read.
    case redactedThinking(String)
    /// A block that only one protocol has, as it is written there.
    case native(WireProtocol, RawJSON)
}

/// How long a marked prompt stays in the provider's cache.
package enum CacheMark: Sendable {
    /// Five minutes, or the provider's only lifetime.
    case short
    /// One hour.
    case long
}

/// Bytes that are not text, or where they are.
package enum Media: Sendable {
    case url(String)
    /// `type` is the media type, such as `image/png`.
    case base64(type: String, data: String)
    /// The provider's name for bytes that it has.
    case file(id: String)
}

/// A file that the model is to read.
package struct Document: Sendable {
    package var source: Source
    package var name: String?
    /// Its media type, where the client says it apart from the bytes.
    package var type: String?
    /// What the client says about the document, beside its name.
    package var context: String?
    /// Whether the answer is to say which places of the document it draws on.
    package var isCited = false
    /// The client's own id of the document, by which it is told of citations.
    package var identifier: String?

    package enum Source: Sendable {
        case media(Media)
        case text(String)
    }

    package init(source: Source, name: String?) {
        self.source = source
        self.name = name
    }
}

/// What the assistant thought before it spoke.
package struct Thought: Sendable {
    package var text: String
    /// The provider's proof that the text is its own; without it most refuse to take it back.
    package var signature: String?

    package init(text: String, signature: String?) {
        self.text = text
        self.signature = signature
    }
}
