/// A thing that a ``RandomCall`` may make use of, so that a dialect's tests ask for what its protocol can carry.
package enum CallFeature: Sendable, CaseIterable {
    // How the answer is made.
    case temperature, topP, topK, seed, penalties, stop, outputLimit, answers, logprobs, verbosity
    case effort, thinkingBudget, stream
    // What goes along.
    case endUser, metadata, keepsAnswer, cacheKey, serviceTier
    // Tools.
    case tools, strictTools, toolChoice, toolsAmong, parallelTools, toolErrors, toolImages, callSignatures
    // The answer's form.
    case jsonObject, jsonSchema, schemaNames
    // What is said.
    case speakerNames, imageURLs, imageData, imageDetail, audio, documentData, documentURLs, documentText
    case documentNames, documentContext, citedDocuments, fileIDs, refusals, thoughts, redactedThoughts, cacheMarks
    case longCacheMarks
}
