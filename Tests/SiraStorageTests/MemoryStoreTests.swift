import SiraStorage
import SiraTesting
import Testing

@Suite struct MemoryStoreTests {
    @Test(arguments: StoreExam.all) func `stores in memory pass the exam`(exam: StoreExam) async throws {
        let (keys, usage) = (MemoryKeyStore(), MemoryUsageStore())
        try await exam.run(
            StoreExam.Stores(
                keys: keys,
                otherKeys: keys,
                usage: usage,
                rollups: usage,
                retention: usage,
                objects: MemoryObjectStore(),
                responses: MemoryResponseStore(),
                decisions: MemoryDecisionStore(),
                feedback: MemoryFeedbackStore(),
                experiments: MemoryExperimentStore()
            )
        )
    }
}
