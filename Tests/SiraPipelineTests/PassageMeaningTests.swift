import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct PassageMeaningTests {
    private static let paths: [(String, SiraWire.Operation?, String?)] = [
        ("/v1/chat/completions", .chat, nil), ("/chat/completions", .chat, nil), ("/v1/completions", .completion, nil),
        ("/v1/responses", .response, nil), ("/v1/responses/resp_1", nil, nil), ("/v1/messages", .messages, nil),
        ("/v1/messages/count_tokens", .countTokens, nil), ("/v1/messages/batches", nil, nil),
        ("/v1/threads/t/messages", nil, nil), ("/v1beta/models/gemini-2:generateContent", .generate, "gemini-2"),
        ("/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent", .generate, "g"),
        ("/v1/projects/p/publishers/anthropic/models/c:rawPredict", .messages, "c"),
        ("/v1beta/models/e:batchEmbedContents", .batchEmbedContents, "e"), ("/v1beta/files/f:download", nil, nil),
        ("/model/arn%3Aaws%2Fx/converse", .converse, "arn:aws/x"), ("/model/m/converse-stream", .converse, "m"),
        ("/model/m/invoke", nil, "m"), ("/v2/chat", .cohereChat, nil), ("/api/chat", .ollamaChat, nil),
        ("/v2/rerank", .rerank, nil), ("/openai/deployments/d/embeddings", .embedding, "d"),
        ("/v1/audio/speech", .speech, nil), ("/v1/vector_stores", nil, nil), ("/", nil, nil),
    ]

    @Test(arguments: paths)
    func `the end of a path tells what it asks for`(path: String, operation: SiraWire.Operation?, model: String?) {
        let meaning = PassageMeaning(of: path)
        #expect(meaning.operation == operation && meaning.model == model)
    }
}
