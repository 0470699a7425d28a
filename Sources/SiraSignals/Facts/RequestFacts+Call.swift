package import SiraWire

extension RequestFacts {
    /// What a request shows, added to what is known of it from outside its body.
    ///
    /// Looks at 16 KB of text at most, so that it costs a bounded time however long the prompt is.
    ///
    /// - Parameter known: The key, headers, time and so on; a session in it is kept, since it came with a header.
    package init(of call: Call, adding known: RequestFacts = RequestFacts()) {
        self = known
        isStream = call.isStream
        outputLimit = call.sampling.outputLimit
        wantsReasoning = call.reasoning.isWanted
        tools = call.tools.count
        user = call.endUser ?? user
        if session.isEmpty { session = call.cacheKey ?? "" }
        if case .text = call.outputFormat { wantsJSON = false } else { wantsJSON = true }

        var tally = PromptTally()
        for turn in call.turns { tally.count(turn) }
        tally.count(call.tools, call.outputFormat)
        turns = tally.turns
        (hasImages, hasAudio, hasFiles) = (tally.hasImages, tally.hasAudio, tally.hasFiles)

        let window = PromptWindow(call.turns)
        let spoken = ScriptCount(window.recent)
        let instructions = ScriptCount(window.opening.prefix(window.instructionBytes))
        promptTokens =
            tally.tokens + TokenEstimate.tokens(inBytes: tally.instructionBytes, like: instructions)
            + TokenEstimate.tokens(inBytes: tally.conversationBytes, like: spoken)
        prefix = PrefixHash.hash(window.opening)
        codeShare = CodeShare.of(window.recent)
        let wish = ScriptCount(window.wish)
        language = LanguageGuess.language(of: window.wish, wish)
        task = TaskGuess.task(of: window.wish, codeShare: codeShare)
    }
}
