import NIOCore
import SiraCore
import SiraJSON
import SiraStorage
import SiraWire

/// A provider's answer about things that it keeps: read for their ids, and of a list all are left out that are not the
/// key's.
final class ThingAnswer: AnswerCourse {
    /// A thing of which the answer tells.
    struct Noted {
        var id: String
        var kind: OwnedObject.Kind
        var expiresAt: Timestamp?
    }

    private let thing: KeptThing
    private let status: Int
    /// What to say of an answer that is none.
    private let unlikely: (ByteBuffer) -> GatewayError
    private let own: Set<String>
    private let pageSize: Int
    private let indexer: JSONIndexer
    private let limit: Int
    private var body = ByteBuffer()
    /// The things of which the answer tells that they are the key's.
    private(set) var noted: [Noted] = []
    let contentEvents = 0
    let isRefusal = false

    /// - Parameters:
    ///   - status: that of the answer.
    ///   - own: the ids of the key's things; only of a list they matter.
    ///   - pageSize: the most things of a list.
    ///   - limit: the most bytes that are held in memory.
    ///   - unlikely: what to say of an answer that is none.
    init(
        _ thing: KeptThing,
        status: Int,
        own: Set<String>,
        pageSize: Int,
        indexer: JSONIndexer,
        limit: Int,
        unlikely: @escaping (ByteBuffer) -> GatewayError
    ) {
        self.unlikely = unlikely
        self.thing = thing
        self.status = status
        self.own = own
        self.pageSize = pageSize
        self.indexer = indexer
        self.limit = limit
    }

    /// A batch costs something, and nobody says how much when it is made.
    var reported: ReportedUsage? { thing == KeptThing(.batch, .create) ? nil : .free }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        gather(piece, into: &body, limit: limit)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        // Some say no more than that it is done.
        if body.readableBytes == 0, thing.mayBeAnsweredBriefly, status == 204 { return .last }
        let isList = thing.action == .list
        let read: [UInt8]?? = body.withUnsafeReadableBytes { bytes in
            try? indexer.read(bytes, limits: .answer) { root in isList ? filtered(root) : note(root) ? [] : nil }
        }
        guard let found = read, let list = found else {
            return .failure(unlikely(body))
        }
        ending = isList ? ByteBuffer(bytes: list) : body
        return .last
    }

    /// Notes the thing, and of a batch the files in which its results are.
    private func note(_ root: JSONValue) -> Bool {
        guard root.kind == .object, let id = root["id"]?.string, !id.isEmpty else { return false }
        noted.append(Noted(id: id, kind: thing.kind, expiresAt: root.moment("expires_at")))
        guard thing.kind == .batch else { return true }
        noteResults(root)
        // A batch outlives the time that it has to be worked off.
        noted[0].expiresAt = nil
        return true
    }

    private func noteResults(_ batch: JSONValue) {
        for id in [batch["output_file_id"]?.string, batch["error_file_id"]?.string].compactMap(\.self) where !id.isEmpty
        {
            noted.append(Noted(id: id, kind: .file, expiresAt: nil))
        }
    }

    /// The list with the key's own things alone.
    private func filtered(_ root: JSONValue) -> [UInt8]? {
        guard root.kind == .object, let data = root["data"], data.kind == .array else { return nil }
        let all = data.elements.filter { $0["id"]?.string.map(own.contains) ?? false }
        let page = all.prefix(pageSize)
        let hasMore = root["has_more"]?.bool ?? false
        if thing.kind == .batch { page.forEach(noteResults) }
        var json = JSONWriter(capacity: 4_096)
        json.object {
            if root["object"] != nil { $0.member("object", "list") }
            $0.array("data") { list in
                for element in page { list.element(element.rawJSON) }
            }
            $0.member("first_id", orNull: page.first?["id"]?.string)
            // Where nothing was found as far as was looked, the list goes on all the same.
            $0.member("last_id", orNull: page.last?["id"]?.string ?? (hasMore ? root["last_id"]?.string : nil))
            $0.member("has_more", all.count > page.count || hasMore)
        }
        return json.bytes
    }
}

extension ReportedUsage {
    /// What costs nothing.
    static var free: ReportedUsage {
        var usage = ReportedUsage(Usage())
        usage.charge = .zero
        return usage
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: StaticString, orNull text: String?) {
        if let text { member(key, text) } else { null(key) }
    }
}

extension JSONValue {
    /// A moment in seconds since 1970; nil when there is none, or not one that anyone meant.
    fileprivate func moment(_ key: StaticString) -> Timestamp? {
        guard let seconds = self[key]?.integer, (1..<1 << 40).contains(seconds) else { return nil }
        return Timestamp(microseconds: seconds * 1_000_000)
    }
}
