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

    @Test func `requests made again are counted, apart from those that came soon, and so is what can wait`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let start = Timestamp(microseconds: 0)
        // Minutes, digests and priorities: two of the first come again, one of them soon.
        let asked: [(minute: Int64, digest: UInt64, priority: UInt8, isStream: Bool)] = [
            (0, 1, 2, false), (1, .max, 1, false), (2, 0, 0, true), (3, 0, 0, false), (50, 1, 2, true),
            (200, 1, 2, false),
        ]
        var records = asked.enumerated().map { number, asked in
            var record = UsageRecord(
                request: RequestID(high: 1, low: UInt64(number)),
                startedAt: start.advanced(by: .seconds(60 * asked.minute))
            )
            (record.key, record.provider, record.model) = ("k", "openai", "gpt-4o")
            (record.promptDigest, record.priority, record.isStream) = (asked.digest, asked.priority, asked.isStream)
            record.cost = NanoUSD(nanos: 1 << Int64(number))
            return record
        }
        // Of another key, and one that failed: neither repeats anything.
        for (number, key) in [(10, "other"), (11, "k")] {
            var record = records[5]
            record.request = RequestID(high: 1, low: UInt64(number))
            (record.key, record.outcome) = (key, key == "k" ? .upstreamError : .ok)
            records.append(record)
        }
        _ = try await database.usage.insert(records)
        let repeats = try await database.advice.repeats(since: start, soon: .seconds(3_600))
        #expect(
            repeats == [
                RepeatFacts(
                    key: "k",
                    provider: "openai",
                    model: "gpt-4o",
                    requests: 4,
                    repeats: (2, NanoUSD(nanos: 16 + 32)),
                    soon: (1, NanoUSD(nanos: 16))
                )
            ]
        )
        #expect(try await database.advice.tasks(since: start).first?.deferrable == 2.0 / 8)
    }
}
