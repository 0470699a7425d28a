import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraGemini

@Suite struct GeminiEmbeddingsTests {
    private static let vertex: TargetModel = {
        var quirks = Quirks()
        quirks.hosting = .vertex
        return TargetModel(name: "text-embedding-005", quirks: quirks)
    }()

    @Test func `on Vertex AI vectors are predictions`() throws {
        let dialect = GeminiEmbeddings()
        #expect(dialect.path(to: Self.vertex) == "/publishers/google/models/text-embedding-005:predict")
        var call = EmbeddingCall(texts: ["a", "b"])
        (call.dimensions, call.purpose) = (8, .clustering)
        let written = try dialect.writeEmbeddingCall(call, to: Self.vertex)
        #expect(
            String(decoding: written.body, as: UTF8.self)
                == #"{"instances":[{"content":"a","task_type":"CLUSTERING"},{"content":"b","task_type":"CLUSTERING"}],"#
                + #""parameters":{"autoTruncate":false,"outputDimensionality":8}}"#
        )
        let answer =
            #"{"predictions":[{"embeddings":{"values":[1,2],"statistics":{"token_count":3}}},"#
            + #"{"embeddings":{"values":[3],"statistics":{"token_count":4.0}}}]}"#
        let read = try JSONIndexer().read(Array(answer.utf8)) { dialect.readEmbeddings($0) }
        #expect(read?.vectors == [RawJSON("[1,2]"), RawJSON("[3]")] && read?.reported?.usage.input == 7)
    }
}
