/// What one attempt consumed, in the units that providers bill.
///
/// Counts of tokens are *inclusive*: `input` is the whole prompt, of which `cacheRead`, `cacheWrite`, `inputAudio`,
/// `inputImage` and `toolPrompt` are parts; `output` is the whole answer, of which `reasoning`, `outputAudio` and
/// `outputImage` are parts. Each dialect's reader turns its provider's convention into this one, so pricing need not
/// know who answered. What is counted otherwise (pictures, time, characters, searches) stands beside them.
package struct Usage: Hashable, Sendable {
    /// Prompt tokens, cached ones included.
    package var input = 0
    /// Prompt tokens that were read from the provider's cache.
    package var cacheRead = 0
    /// Those of ``cacheRead`` that were audio; nil where the provider does not tell.
    package var cacheReadAudio: Int?
    /// Prompt tokens written to the provider's cache for five minutes (or the provider's only lifetime).
    package var cacheWrite = 0
    /// Prompt tokens written to the provider's cache for one hour.
    package var cacheWriteLong = 0
    /// Prompt tokens that were audio.
    package var inputAudio = 0
    /// Prompt tokens that were pictures.
    package var inputImage = 0
    /// Prompt tokens that the provider's own tools brought in.
    package var toolPrompt = 0
    /// Answer tokens, reasoning included.
    package var output = 0
    /// Answer tokens spent on reasoning.
    package var reasoning = 0
    /// Answer tokens that were audio.
    package var outputAudio = 0
    /// Answer tokens that were pictures.
    package var outputImage = 0
    /// Searches of the web that the provider made for the answer.
    package var webSearches = 0
    /// Pictures that were made.
    package var images = 0
    /// Milliseconds of audio that were listened to.
    package var inputAudioTime = 0
    /// Milliseconds of audio that were spoken.
    package var outputAudioTime = 0
    /// Characters of text that were spoken.
    package var characters = 0
    /// Searches that a ranking of documents was, as its provider bills it; Cohere counts one for a hundred documents.
    package var searchUnits = 0

    package init() {}

    package init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }

    /// Prompt and answer together.
    package var total: Int { input + output }
}

/// Where the figures of a ``Usage`` come from.
package enum UsageBasis: UInt8, Sendable, CaseIterable {
    /// Nothing is known: the attempt failed before the provider said anything.
    case none = 0
    /// The provider's own final figures.
    case provider = 1
    /// Counted by Sira, because the stream ended before the provider gave its figures.
    case estimated = 2
    /// The provider's own figures, some of which it left out or have no place in ``Usage``: those are 0 here, and
    /// the cost cannot be told from the others.
    case partial = 3
    /// The provider refused the request, or was never sent it: nothing was consumed.
    case refused = 4

    /// The word shown in logs and answers.
    package var label: String {
        switch self {
        case .none: "none"
        case .provider: "provider"
        case .estimated: "estimated"
        case .partial: "partial"
        case .refused: "refused"
        }
    }
}
