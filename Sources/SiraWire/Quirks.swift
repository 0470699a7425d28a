/// How a provider departs from the protocol it speaks.
///
/// Data from the catalogue; the defaults are the protocol.
package struct Quirks: Hashable, Sendable {
    /// The one name of the output limit that the provider knows, if it does not know both.
    package var outputLimitField: OutputLimitField?
    /// How the provider is made to report usage at the end of a stream.
    package var streamUsage = StreamUsage.option
    /// Whether message content must be a string, not a list of parts.
    package var flattensContent = false
    /// Whether the provider goes on with a turn of the assistant's that the request ends with, rather than answer it.
    package var continuesTurns = false

    /// What the ids of tools' calls must look like.
    package var callIDs = CallIDs.any
    /// Where the assistant's thoughts of earlier turns stand in its messages, such as `reasoning_content`; nil where the
    /// provider does not take them back.
    package var thoughtsField: ThoughtsField?
    /// Whether a choice among some of the tools can be told to the provider; others are sent only those tools.
    package var takesAllowedTools = false

    /// Where the provider says what it charges, in dollars: a path within its usage figures, such as `cost` or
    /// `cost.total`; nil when it does not.
    package var costField: String?

    /// Whose service it is, where paths and bodies differ from those of the protocol's own maker.
    package var hosting = Hosting.own
    /// Whether a provider of OpenAI's protocol has Responses too.
    package var speaksResponses = false

    /// A cloud that serves other makers' protocols in its own way.
    package enum Hosting: String, Sendable {
        case own
        /// Azure OpenAI: OpenAI's own paths behind `/openai/v1`, and models by the names of their deployments.
        case azure
        /// Google's Vertex AI: project, location and publisher in the path.
        case vertex
    }

    package enum OutputLimitField: String, Sendable, CaseIterable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    package enum CallIDs: String, Sendable, CaseIterable {
        /// Up to the protocol's greatest length, whatever is in them.
        case any
        /// Nine letters and digits.
        case mistral
    }

    package enum ThoughtsField: String, Sendable, CaseIterable {
        case reasoningContent = "reasoning_content"
        case reasoning
    }

    package enum StreamUsage: String, Sendable, CaseIterable {
        /// On request, by `stream_options.include_usage`.
        case option
        /// Always, unasked.
        case always
        /// Never; the option would be refused.
        case none
    }

    package init() {}
}
