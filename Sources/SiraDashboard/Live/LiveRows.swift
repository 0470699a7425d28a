import NIOCore
import SiraCore
import SiraJSON
import SiraStorage

/// Puts the lines of requests together as they come: those of attempts that others follow wait for the one that counts.
struct LiveRows {
    private var open: [RequestID: [UsageRecord]] = [:]

    /// Requests of which lines wait; beyond that they are told without.
    private static let openLimit = 20_000

    /// The requests that have ended with these lines.
    mutating func take(_ records: [UsageRecord]) -> [RequestEntry] {
        var ended: [RequestEntry] = []
        for record in records where !record.isCorrection {
            guard record.isFinal else {
                if open.count >= Self.openLimit { open.removeAll() }
                open[record.request, default: []].append(record)
                continue
            }
            let before = open.isEmpty ? [] : open.removeValue(forKey: record.request) ?? []
            ended.append(RequestEntry(record, lines: before + [record]))
        }
        return ended
    }

    /// The event that tells of the newest of them; nil when there are none.
    static func event(
        _ entries: [RequestEntry],
        names: [String: String]
    ) -> ByteBuffer? {
        guard !entries.isEmpty else { return nil }
        let told = entries.suffix(most)
        var json = JSONWriter(capacity: 1_024 * told.count)
        json.object { json in
            json.array("rows") { list in
                for entry in told.reversed() {
                    list.object { entry.write(to: &$0, keyName: names[entry.record.key]) }
                }
            }
            json.member("skipped", entries.count - told.count)
        }
        return .event("rows", json.bytes)
    }

    /// Requests that are told of in a second.
    static let most = 20
}
