internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads a chunk's or an answer's `usageMetadata`; nil when it names no tokens, as in most chunks of Vertex.
    ///
    /// Google counts thoughts, and what its own tools read, apart from answer and prompt; ``Usage`` does not.
    ///
    /// - Parameter hasAnswer: false for embeddings, which are no tokens.
    init?(gemini json: JSONValue, hasAnswer: Bool = true) {
        guard json.kind == .object else { return nil }
        let prompt = json.tokens("promptTokenCount")
        let candidates = json.tokens("candidatesTokenCount") ?? json.tokens("responseTokenCount")
        let thoughts = json.tokens("thoughtsTokenCount")
        let total = json.tokens("totalTokenCount")
        guard prompt != nil || candidates != nil || thoughts != nil || total != nil else { return nil }
        let tools = json.tokens("toolUsePromptTokenCount") ?? 0

        var usage = Usage()
        usage.input = (prompt ?? 0) + tools
        usage.output = (candidates ?? 0) + (thoughts ?? 0)
        var knowsInput = prompt != nil
        var knowsOutput = !hasAnswer || candidates != nil
        if let total, let candidates, let prompt, let thoughts, thoughts <= candidates,
            total == prompt + tools + candidates
        {
            // Some servers count thoughts among the answer's tokens already.
            usage.output = candidates
        } else if let total, knowsInput, !knowsOutput {
            usage.output = max(usage.output, total - usage.input)
            knowsOutput = true
        } else if let total, !knowsInput, knowsOutput {
            usage.input = max(usage.input, total - usage.output)
            knowsInput = true
        } else if let total, !knowsInput, !knowsOutput {
            usage.input = max(usage.input, total - usage.output)
        }
        usage.toolPrompt = tools
        usage.reasoning = min(thoughts ?? 0, usage.output)
        usage.cacheRead = min(json.tokens("cachedContentTokenCount") ?? 0, usage.input)
        let (heard, seen) = json.modalities("promptTokensDetails", within: usage.input)
        (usage.inputAudio, usage.inputImage) = (heard, seen)
        if heard > 0, json.present("cacheTokensDetails") != nil {
            usage.cacheReadAudio = min(heard, json.modalities("cacheTokensDetails", within: usage.cacheRead).audio)
        }
        let (said, drawn) = json.modalities("candidatesTokensDetails", within: usage.output)
        (usage.outputAudio, usage.outputImage) = (said, drawn)
        self.init(usage)
        lacksInput = !knowsInput
        lacksOutput = !knowsOutput
    }

    /// How many searches of the web a candidate's grounding says were made, as Google bills them.
    ///
    /// Up to the second generation a prompt that is grounded is billed once; from the third on, each search that is not
    /// empty, and equal ones once.
    static func searches(_ candidate: JSONValue, modelVersion: String?) -> Int {
        let queries = candidate.present("groundingMetadata")?.present("webSearchQueries")
        let told = queries?.elements.compactMap { $0.string } ?? []
        let count = Set(told.filter { !$0.isEmpty }).count
        return modelVersion.map { GeminiModel($0).isThirdGeneration } == false ? min(count, 1) : count
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }

    /// The tokens of sound and of pictures in a list of counts by modality, at most `whole` together.
    fileprivate func modalities(_ key: StaticString, within whole: Int) -> (audio: Int, image: Int) {
        var (audio, image) = (0, 0)
        for count in present(key)?.elements ?? elements {
            let tokens = min(count.tokens("tokenCount") ?? 0, whole)
            switch count["modality"]?.string {
            case "AUDIO": audio = tokens
            case "IMAGE": image = tokens
            default: break
            }
        }
        return (audio, min(image, whole - audio))
    }
}
