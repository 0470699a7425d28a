import NIOCore
import SiraCore
import SiraJSON
import SiraRouting
import SiraStorage
import SiraWire

/// Lists of files and batches: a provider lists those of all keys, page by page, so that a key's own may be far behind.
extension Pipeline {
    /// The most pages of a provider's list that one request goes through.
    private static let pageLimit = 10

    /// Goes through a provider's list until the key's own things fill a page, or there are no more.
    ///
    /// - Parameter first: the provider's answer to what `request` asks.
    /// - Returns: a list like the provider's, of the key's own things alone and not cut to the size of the page.
    nonisolated(nonsending) func gathered(
        _ first: any UpstreamAnswer,
        _ attempt: Attempt,
        _ request: RequestContext
    ) async throws(GatewayError) -> any UpstreamAnswer {
        var (answer, list) = (first, OwnList(own: request.ownIDs, oldest: request.oldestOwn))
        let query = request.thingQuery
        for page in 1... {
            let limit = request.snapshot.policy.answerBytes
            guard let body = await BodyCollector(limit: limit).collect(answer, abort: attempt.abort) else {
                throw GatewayError(
                    .upstreamInterrupted,
                    "The provider broke off in the middle of its list, or the list has more than \(limit) bytes. Ask for less."
                )
            }
            let isRead = body.withUnsafeReadableBytes { bytes in
                (try? context.indexer.read(bytes, limits: .answer) { list.add($0) }) ?? false
            }
            guard isRead else {
                throw Self.unlikely(answer.status, answer.headers, body, from: attempt.deployment, context.indexer)
            }
            let isEnough = list.items.count > request.pageSize || page == Self.pageLimit
            guard !isEnough, let cursor = list.cursor else { break }
            let after = attempt.wire == .anthropic ? "after_id=" : "after="
            let kept = query.split(separator: "&").filter { !$0.hasPrefix(after) }.map(String.init)
            request.thingQuery = (kept + ["\(after)\(cursor)"]).joined(separator: "&")
            answer = try await send(attempt, request)
            guard answer.status < 300 else { throw await refusal(answer, of: attempt, request) }
        }
        return GatheredAnswer(status: first.status, headers: first.headers, body: ByteBuffer(bytes: list.json))
    }
}

/// What has been found in a provider's list of those things that are a key's own.
struct OwnList {
    private let own: Set<String>
    /// When the first of the key's things was made, with time for clocks that differ; nil where the list does not begin
    /// with the newest.
    private let oldest: Timestamp?
    private(set) var items: [RawJSON] = []
    /// Behind which thing the list goes on; nil where nothing of the key's can follow.
    private(set) var cursor: String?
    /// Whether the provider's lists say that they are lists, as OpenAI's do.
    private var isNamed = false

    init(own: Set<String>, oldest: Timestamp?) {
        self.own = own
        self.oldest = oldest
    }

    /// Takes a page of the provider's list.
    ///
    /// - Returns: false when it is none.
    mutating func add(_ page: JSONValue) -> Bool {
        guard page.kind == .object, let data = page["data"], data.kind == .array else { return false }
        isNamed = page["object"] != nil
        var last: JSONValue?
        for thing in data.elements {
            last = thing
            if let id = thing["id"]?.string, own.contains(id) { items.append(thing.rawJSON) }
        }
        cursor = nil
        guard page["has_more"]?.bool ?? false, items.count < own.count, let last else { return true }
        if let oldest, let seconds = last["created_at"]?.integer, seconds < oldest.microseconds / 1_000_000 {
            return true
        }
        // What goes into a path may not mean anything there.
        if let id = last["id"]?.string, id.utf8.allSatisfy(KeptThing.mayBeInName) { cursor = id }
        return true
    }

    /// The list, with the place where it goes on even where nothing was found up to there.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object {
            if isNamed { $0.member("object", "list") }
            $0.array("data") { list in
                for item in items { list.element(item) }
            }
            if let cursor { $0.member("last_id", cursor) } else { $0.null("last_id") }
            $0.member("has_more", cursor != nil)
        }
        return json.bytes
    }
}

/// An answer that is there whole.
private final class GatheredAnswer: UpstreamAnswer {
    let status: Int
    let headers: HeaderFields
    private var body: ByteBuffer?

    init(status: Int, headers: HeaderFields, body: ByteBuffer) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    func deliver(to sink: any BodySink) {
        guard let body else { return }
        self.body = nil
        sink.received(body)
        sink.ended(nil)
    }

    func setPaused(_ paused: Bool) {}

    func cancel() { body = nil }
}
