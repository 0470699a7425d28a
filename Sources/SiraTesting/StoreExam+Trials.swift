import SiraCore
import SiraStorage

/// Decisions, feedback and results of experiments.
extension StoreExam {
    private static let dawn = Timestamp(microseconds: 1_763_700_000_000_000)

    private static func decision(_ number: UInt64, second: Int64? = 30) -> StoredDecision {
        StoredDecision(
            request: RequestID(high: 0xFFFF_0000_0000_7000 + number, low: 0x8000_0000_0000_0001),
            key: "key_a",
            createdAt: dawn,
            expiresAt: second.map { dawn.advanced(by: .seconds($0)) },
            json: Array(#"{"requested":"grün \u0000 \#(number)"}"#.utf8)
        )
    }

    static let decisionExams = [
        StoreExam(description: "decisions come back as they went in, each to its own request") { stores in
            let decisions = [decision(1), decision(2, second: nil), decision(3)]
            try await stores.decisions.put(decisions)
            try await stores.decisions.put([])
            for decision in decisions {
                try demand(try await stores.decisions.decision(of: decision.request) == decision, "as it went in")
            }
            try demand(try await stores.decisions.decision(of: decision(4).request) == nil, "none where none is")
        },
        StoreExam(description: "a later decision of a request stands in place of the earlier") { stores in
            try await stores.decisions.put([decision(1)])
            var later = decision(1)
            later.json = Array("{}".utf8)
            later.key = ""
            try await stores.decisions.put([later, decision(2)])
            try demand(try await stores.decisions.decision(of: later.request) == later, "the later one")
        },
        StoreExam(description: "decisions go when they have expired, those without a time never") { stores in
            try await stores.decisions.put((0..<7).map { decision($0, second: $0 == 6 ? nil : Int64($0)) })
            let left = try await expire(stores.decisions) {
                try await stores.decisions.decision(of: decision(2).request) != nil
            }
            try demand(left == [2, 2, 1], "five in three batches, not \(left)")
            for (number, isThere) in [(4, false), (5, true), (6, true)] as [(UInt64, Bool)] {
                let found = try await stores.decisions.decision(of: decision(number).request)
                try demand((found != nil) == isThere, "decision \(number)")
            }
        },
    ]

    private static func feedback(_ number: UInt64, of key: String = "key_a", second: Int64? = 30) -> Feedback {
        var feedback = Feedback(
            id: "fb_\(number)\(key)",
            request: decision(number).request,
            key: key,
            score: 0.1 + 0.2,
            createdAt: dawn
        )
        feedback.comment = "grün \"gut\""
        feedback.tags = ["a", "b\"c"]
        feedback.experiment = "try"
        feedback.arm = 1
        feedback.expiresAt = second.map { dawn.advanced(by: .seconds($0)) }
        return feedback
    }

    static let feedbackExams = [
        StoreExam(description: "feedback comes back as it went in, that of each key, oldest first") { stores in
            var plain = feedback(1, of: "", second: nil)
            (plain.comment, plain.tags, plain.experiment, plain.arm) = (nil, [], nil, nil)
            plain.createdAt = dawn.advanced(by: .seconds(-1))
            try demand(try await stores.feedback.put(feedback(1)) == nil, "the first of its key")
            try demand(try await stores.feedback.put(plain) == nil, "the first of another")
            _ = try await stores.feedback.put(feedback(2))
            let found = try await stores.feedback.feedback(on: plain.request)
            try demand(found == [plain, feedback(1)], "as they went in")
            try demand(try await stores.feedback.feedback(on: decision(3).request).isEmpty, "none where none is")
        },
        StoreExam(description: "a later word of a key stands in place of its earlier, which is given back") { stores in
            _ = try await stores.feedback.put(feedback(1))
            _ = try await stores.feedback.put(feedback(1, of: "key_b"))
            var later = feedback(1)
            (later.id, later.score, later.comment) = ("fb_later", 0, nil)
            try demand(try await stores.feedback.put(later) == feedback(1), "the earlier is given back")
            let found = try await stores.feedback.feedback(on: later.request)
            try demand(found == [later, feedback(1, of: "key_b")], "and the other key's is as it was")
        },
        StoreExam(description: "feedback goes when it has expired, that without a time never") { stores in
            for number in 0..<7 as Range<UInt64> {
                _ = try await stores.feedback.put(feedback(number, second: number == 6 ? nil : Int64(number)))
            }
            let left = try await expire(stores.feedback) {
                try await !stores.feedback.feedback(on: decision(2).request).isEmpty
            }
            try demand(left == [2, 2, 1], "five in three batches, not \(left)")
            for (number, isThere) in [(4, false), (5, true), (6, true)] as [(UInt64, Bool)] {
                let found = try await stores.feedback.feedback(on: decision(number).request)
                try demand(found.isEmpty != isThere, "feedback \(number)")
            }
        },
    ]

    static let experimentExams = [
        StoreExam(description: "results of experiments are kept by name, the latest of each") { stores in
            try demand(try await stores.experiments.results().isEmpty, "none at first")
            try await stores.experiments.put(["a": Array("{}".utf8), "ö": Array("[1]".utf8)])
            try await stores.experiments.put(["a": Array(#"{"x":"\u0000"}"#.utf8)])
            try await stores.experiments.put([:])
            let expected = ["a": Array(#"{"x":"\u0000"}"#.utf8), "ö": Array("[1]".utf8)]
            try demand(try await stores.experiments.results() == expected, "the latest of each")
        }
    ]

    /// Takes out what has expired by the fourth second, two at a time; gives how many went each time.
    private static func expire(
        _ store: any ExpiringStore,
        thirdIsThere: () async throws -> Bool
    ) async throws -> [Int] {
        var counts: [Int] = []
        repeat {
            counts.append(try await store.deleteExpired(by: dawn.advanced(by: .seconds(4)), limit: 2))
            if counts.count == 1 { try demand(try await thirdIsThere(), "the longest expired first") }
        } while counts.last == 2
        return counts
    }
}
