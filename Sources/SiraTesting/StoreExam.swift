import SiraCore
package import SiraStorage
import SiraTenancy

/// What every backend of the stores must be able to do; each exam is given fresh stores.
package struct StoreExam: Sendable, CustomStringConvertible {
    /// The stores of a backend, seen by one process, and its keys as another process sees them.
    package struct Stores: Sendable {
        package var keys: any KeyStore
        package var otherKeys: any KeyStore
        package var usage: any UsageStore
        package var rollups: any RollupStore
        package var retention: any RetentionStore
        package var objects: any ObjectStore
        package var responses: any ResponseStore
        package var decisions: any DecisionStore
        package var feedback: any FeedbackStore
        package var experiments: any ExperimentStore

        package init(
            keys: any KeyStore,
            otherKeys: any KeyStore,
            usage: any UsageStore,
            rollups: any RollupStore,
            retention: any RetentionStore,
            objects: any ObjectStore,
            responses: any ResponseStore,
            decisions: any DecisionStore,
            feedback: any FeedbackStore,
            experiments: any ExperimentStore
        ) {
            self.keys = keys
            self.otherKeys = otherKeys
            self.usage = usage
            self.rollups = rollups
            self.retention = retention
            self.objects = objects
            self.responses = responses
            self.decisions = decisions
            self.feedback = feedback
            self.experiments = experiments
        }
    }

    /// Which demand was not met.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let description: String
    package let run: @Sendable (Stores) async throws -> Void

    package static let all =
        keyExams + usageExams + rollupExams + objectExams + responseExams + decisionExams + feedbackExams
        + experimentExams

    static func demand(_ condition: Bool, _ sentence: String) throws {
        guard condition else { throw Failure(description: sentence) }
    }
}

extension StoreExam {
    private static let now = Timestamp(microseconds: 1_763_700_000_000_000)

    private static func someKey(_ name: String, secondsLater: Int64 = 0) -> APIKey {
        APIKey.issue(
            name: name,
            allowedModels: ["gpt-*", "klug"].compactMap { ModelPattern($0) },
            tags: ["grün", "a\"b"],
            expiresAt: now.advanced(by: .seconds(60)),
            at: now.advanced(by: .seconds(secondsLater))
        ).key
    }

    static let keyExams = [
        StoreExam(description: "keys come back as they went in, oldest first") { stores in
            let keys = [someKey("one"), someKey("two", secondsLater: 1), someKey("three", secondsLater: 2)]
            for key in keys.reversed() { try await stores.keys.insert(key) }
            try demand(try await stores.keys.allKeys() == keys, "allKeys gives what was inserted")
        },
        StoreExam(description: "a key that exists is refused") { stores in
            let key = someKey("one")
            try await stores.keys.insert(key)
            do {
                try await stores.keys.insert(key)
                throw Failure(description: "inserting twice throws")
            } catch let error as StoreError {
                try demand(error == .exists(key.id), "the error names the id")
            }
        },
        StoreExam(description: "rotation and revocation are kept") { stores in
            let key = someKey("one")
            try await stores.keys.insert(key)
            let rotated = key.rotated(grace: .seconds(10), at: now).key
            let changed = try await stores.keys.update(key.id) { key in
                key = rotated
                key.revokedAt = now
                key.name = "renamed"
                return nil
            }
            var expected = rotated
            expected.revokedAt = now
            expected.name = "renamed"
            expected.version = 2
            try demand(changed == expected, "update gives the changed key")
            try demand(try await stores.keys.allKeys() == [expected], "the change is kept")
        },
        StoreExam(description: "a change that throws changes nothing, and unknown keys are said to be unknown") {
            stores in
            let key = someKey("one")
            try await stores.keys.insert(key)
            do {
                _ = try await stores.keys.update(key.id) { key in
                    key.name = "changed"
                    throw Failure(description: "on purpose")
                }
                throw StoreError.notFound("the error of the change")
            } catch is Failure {}
            try demand(try await stores.keys.allKeys() == [key], "nothing has changed")
            do {
                _ = try await stores.keys.update("key_none") { _ in nil }
                throw Failure(description: "updating an unknown key throws")
            } catch let error as StoreError {
                try demand(error == .notFound("key_none"), "the error names the id")
            }
        },
        StoreExam(description: "the change token tells of the changes that another process made, and only of those") {
            stores in
            let key = someKey("one")
            let before = try await stores.otherKeys.changeToken()
            try await stores.keys.insert(key)
            let inserted = try await stores.otherKeys.changeToken()
            try demand(before != inserted, "an insertion changes the token")
            var random = SeededRandom(seed: 1)
            _ = try await stores.usage.insert([.random(using: &random)])
            try demand(try await stores.otherKeys.changeToken() == inserted, "usage does not")
            _ = try await stores.keys.update(key.id) { key in
                key.revokedAt = now
                return nil
            }
            try demand(try await stores.otherKeys.changeToken() != inserted, "an update changes the token")
            let seen = try await stores.otherKeys.allKeys().first?.revokedAt
            try demand(seen == now, "and the change can be read by then")
        },
    ]
}
