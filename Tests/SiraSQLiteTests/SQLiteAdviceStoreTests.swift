import SiraCore
import SiraStorage
import SiraTesting
import Testing

@testable import SiraSQLite

@Suite struct SQLiteAdviceStoreTests {
    @Test func `who dismissed advice first stays`() async throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let first = DismissedAdvice(id: "a-1", at: Timestamp(microseconds: 5), actor: "user:1", reason: "no")
        try await database.advice.dismiss(first)
        try await database.advice.dismiss(
            DismissedAdvice(id: "a-1", at: Timestamp(microseconds: 9), actor: "user:2", reason: "")
        )
        let second = DismissedAdvice(id: "a-2", at: Timestamp(microseconds: 7), actor: "user:2", reason: "")
        try await database.advice.dismiss(second)
        try database.close()
        let again = try SQLiteDatabase(path: directory.path + "/sira.db")
        #expect(try await again.advice.dismissed() == [second, first])
    }

    @Test func `tasks have their longest prompt and the mean score of their answers`() async throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let start = Timestamp(microseconds: 1_000_000)
        let records = (0..<3).map { number in
            var record = UsageRecord(request: RequestID(high: 1, low: UInt64(number)), startedAt: start)
            (record.provider, record.model) = ("openai", "gpt-4o")
            record.tags = number == 2 ? [] : ["support"]
            record.usage = Usage(input: 100 * (number + 1), output: 1)
            return record
        }
        _ = try await database.usage.insert(records)
        // Two keys that rated one answer are one rating.
        for (id, request, key, score) in [("1", 0, "a", 1.0), ("2", 0, "b", 0.5), ("3", 1, "a", 0.25)] {
            let feedback = Feedback(
                id: id,
                request: RequestID(high: 1, low: UInt64(request)),
                key: key,
                score: score,
                createdAt: start
            )
            _ = try await database.feedback.put(feedback)
        }
        let tasks = try await database.advice.tasks(since: start)
        let all = TaskFacts(
            tag: "",
            provider: "openai",
            model: "gpt-4o",
            longestPrompt: 300,
            ratings: 2,
            meanScore: 0.5
        )
        var support = all
        (support.tag, support.longestPrompt) = ("support", 200)
        #expect(Set(tasks) == [all, support])
        #expect(try await database.advice.tasks(since: start.advanced(by: .seconds(1))).isEmpty)
    }
}
