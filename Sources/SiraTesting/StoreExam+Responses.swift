import SiraCore
import SiraStorage

extension StoreExam {
    private static let birth = Timestamp(microseconds: 1_763_700_000_000_000)

    private static func answer(_ id: String, of key: String = "key_a") -> StoredResponse {
        var response = StoredResponse(
            id: id,
            key: key,
            access: "here",
            createdAt: birth,
            input: Array(#"[{"role":"user","content":"grün \u0000"}]"#.utf8),
            response: Array(#"{"id":"\#(id)","output":[]}"#.utf8)
        )
        response.isNative = true
        response.expiresAt = birth.advanced(by: .seconds(30))
        return response
    }

    static let responseExams = [
        StoreExam(description: "an answer comes back to its own key, and to no other") { stores in
            var whole = answer("resp_1")
            try await stores.responses.put(whole)
            try demand(try await stores.responses.response("resp_1", of: "key_a") == whole, "as it went in")
            try demand(try await stores.responses.response("resp_1", of: "key_b") == nil, "not to another key")
            try demand(try await stores.responses.response("resp_1", of: "") == nil, "not to no key")
            try demand(try await stores.responses.response("resp_2", of: "key_a") == nil, "not by another id")
            (whole.isNative, whole.isWhole, whole.expiresAt) = (false, false, nil)
            (whole.input, whole.response, whole.credential) = ([], [], "0123456789abcdef")
            try await stores.responses.put(whole)
            try demand(try await stores.responses.response("resp_1", of: "key_a") == whole, "in place of the first")
        },
        StoreExam(description: "two keys may have answers of the same id") { stores in
            let (mine, theirs) = (answer("resp_1"), answer("resp_1", of: "key_b"))
            try await stores.responses.put(mine)
            try await stores.responses.put(theirs)
            try demand(try await stores.responses.delete("resp_1", of: "key_b"), "one is deleted")
            try demand(try await stores.responses.response("resp_1", of: "key_a") == mine, "the other is there")
            try demand(try await stores.responses.response("resp_1", of: "key_b") == nil, "the one is not")
            try demand(try await !stores.responses.delete("resp_1", of: "key_b"), "and cannot be deleted twice")
        },
        StoreExam(description: "answers go when they have expired, those without a time never") { stores in
            for index in 0..<7 {
                var response = answer("resp_\(index)")
                response.expiresAt = index == 6 ? nil : birth.advanced(by: .seconds(Int64(index)))
                try await stores.responses.put(response)
            }
            let time = birth.advanced(by: .seconds(4))
            var counts: [Int] = []
            repeat {
                counts.append(try await stores.responses.deleteExpired(by: time, limit: 2))
                if counts.count == 1 {
                    let third = try await stores.responses.response("resp_2", of: "key_a")
                    try demand(third != nil, "the longest expired first")
                }
            } while counts.last == 2
            try demand(counts == [2, 2, 1], "five in three batches, not \(counts)")
            for (index, isThere) in [(4, false), (5, true), (6, true)] {
                let response = try await stores.responses.response("resp_\(index)", of: "key_a")
                try demand((response != nil) == isThere, "resp_\(index)")
            }
        },
    ]
}
