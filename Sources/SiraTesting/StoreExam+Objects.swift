import SiraCore
import SiraStorage

extension StoreExam {
    private static let moment = Timestamp(microseconds: 1_763_700_000_000_000)

    private static func file(
        _ id: String,
        of key: String = "key_a",
        at access: String = "here",
        second: Int64 = 0
    )
        -> OwnedObject
    {
        OwnedObject(
            id: id,
            kind: .file,
            access: access,
            key: key,
            createdAt: moment.advanced(by: .seconds(second))
        )
    }

    static let objectExams = [
        StoreExam(description: "a thing comes back to its own key, and to no other") { stores in
            var object = file("file-1")
            object.expiresAt = moment.advanced(by: .seconds(60))
            try await stores.objects.put(object)
            try demand(try await stores.objects.object("file-1", .file, of: "key_a") == object, "as it went in")
            try demand(try await stores.objects.object("file-1", .file, of: "key_b") == nil, "not to another key")
            try demand(try await stores.objects.object("file-1", .file, of: "") == nil, "not to no key")
            try demand(try await stores.objects.object("file-1", .batch, of: "key_a") == nil, "not as another kind")
            try demand(try await stores.objects.object("FILE-1", .file, of: "key_a") == nil, "not by another id")
        },
        StoreExam(description: "a thing can be put again by its key, and not be taken by another") { stores in
            try await stores.objects.put(file("file-1"))
            var renewed = file("file-1", second: 5)
            renewed.expiresAt = moment
            renewed.credential = "0123456789abcdef"
            try await stores.objects.put(renewed)
            renewed.createdAt = file("file-1").createdAt
            try demand(
                try await stores.objects.object("file-1", .file, of: "key_a") == renewed,
                "it is renewed, and as old"
            )
            do {
                try await stores.objects.put(file("file-1", of: "key_b"))
                throw Failure(description: "taking another key's thing throws")
            } catch let error as StoreError {
                try demand(error == .exists("file-1"), "the error names the id")
            }
            try demand(try await stores.objects.object("file-1", .file, of: "key_a") == renewed, "it is as it was")
        },
        StoreExam(description: "the same id at two providers is two things") { stores in
            try await stores.objects.put(file("file-1", second: 1))
            try await stores.objects.put(file("file-1", of: "key_b", at: "there"))
            try await stores.objects.put(file("file-1", at: "yonder"))
            try demand(
                try await stores.objects.object("file-1", .file, of: "key_a")?.access == "here",
                "the newest of a key"
            )
            try demand(try await stores.objects.object("file-1", .file, of: "key_b")?.access == "there", "its own")
        },
        StoreExam(description: "a key's things are listed newest first, page by page") { stores in
            for index in 0..<10 {
                let access = index % 2 == 0 ? "here" : "there"
                try await stores.objects.put(file("file-\(index)", at: access, second: Int64(index / 3)))
                try await stores.objects.put(file("other-\(index)", of: "key_b", second: Int64(index)))
            }
            var batch = file("batch-1", second: 100)
            batch.kind = .batch
            try await stores.objects.put(batch)
            for access in [nil, "there"] {
                var filter = ObjectFilter(key: "key_a", kind: .file)
                filter.access = access
                filter.limit = 3
                var found: [OwnedObject] = []
                while true {
                    let page = try await stores.objects.objects(filter)
                    found += page
                    guard page.count == 3, let last = page.last else { break }
                    filter.after = ObjectCursor(last)
                }
                try demand(found.count == (access == nil ? 10 : 5), "all of the key's files, and nothing else")
                try demand(
                    found.map { ObjectCursor($0) } == found.map { ObjectCursor($0) }.sorted(by: >),
                    "the newest first"
                )
            }
        },
        StoreExam(description: "a thing is deleted by its own key alone") { stores in
            let object = file("file-1")
            try await stores.objects.put(object)
            try demand(try await !stores.objects.delete(file("file-1", of: "key_b")), "not by another")
            try demand(try await !stores.objects.delete(file("file-1", at: "there")), "not at another provider")
            try demand(try await stores.objects.object("file-1", .file, of: "key_a") == object, "it is there")
            try demand(try await stores.objects.delete(object), "by its own")
            try demand(try await stores.objects.object("file-1", .file, of: "key_a") == nil, "it is gone")
            try demand(try await !stores.objects.delete(object), "and cannot be deleted twice")
        },
        StoreExam(description: "things go when they have expired, those without a time never") { stores in
            for index in 0..<7 {
                var object = file("file-\(index)")
                object.expiresAt = index == 6 ? nil : moment.advanced(by: .seconds(Int64(index)))
                try await stores.objects.put(object)
            }
            let time = moment.advanced(by: .seconds(4))
            var counts: [Int] = []
            repeat {
                counts.append(try await stores.objects.deleteExpired(by: time, limit: 2))
                if counts.count == 1 {
                    let third = try await stores.objects.object("file-2", .file, of: "key_a")
                    try demand(third != nil, "the longest expired first")
                }
            } while counts.last == 2
            try demand(counts == [2, 2, 1], "five in three batches, not \(counts)")
            let left = try await stores.objects.objects(ObjectFilter(key: "key_a", kind: .file))
            try demand(left.map(\.id) == ["file-6", "file-5"], "the others are there")
        },
    ]
}
