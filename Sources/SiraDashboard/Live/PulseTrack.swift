import NIOCore
import SiraCore
import SiraJSON
import SiraStorage

/// The last hour of what somebody may see, second by second.
struct PulseTrack {
    /// At most ``length``, the oldest first, without gaps.
    private var points: [PulsePoint] = []
    /// When each pair of key and end user was last there.
    private var sessions: [Int: Int64] = [:]
    /// The second in which somebody last looked at it.
    var lookedAt: Int64

    /// Seconds that are kept.
    static let length = 3_600
    /// Seconds after which a session is no longer active, and how many are told apart.
    private static let (sessionTime, sessionLimit): (Int64, Int) = (300, 100_000)

    init(lookedAt: Int64) {
        self.lookedAt = lookedAt
    }

    var last: PulsePoint? { points.last }

    /// Adds the lines of a second.
    mutating func add(_ records: [UsageRecord], at second: Int64, arrived: Int?, inflight: Int?) {
        var sum = PulseSecond()
        for record in records {
            sum.add(record)
            guard record.isFinal, !record.isCorrection, !record.key.isEmpty || !record.user.isEmpty else { continue }
            var hasher = Hasher()
            hasher.combine(record.key)
            hasher.combine(record.user)
            let session = hasher.finalize()
            if sessions.count < Self.sessionLimit || sessions[session] != nil { sessions[session] = second }
        }
        if second % 5 == 0 { sessions = sessions.filter { $0.value > second - Self.sessionTime } }
        append(sum.point(at: second, arrived: arrived, inflight: inflight, sessions: sessions.count))
    }

    private mutating func append(_ point: PulsePoint) {
        if let last, point.second <= last.second || point.second > last.second + Int64(Self.length) {
            points.removeAll()  // the clock was set
        }
        while let last, last.second + 1 < point.second { points.append(.unknown(last.second + 1)) }
        points.append(point)
        // Now and then rather than each second: taking off the front moves all of it.
        if points.count >= Self.length + 60 { points.removeFirst(points.count - Self.length) }
    }

    /// Writes the last so many seconds as members of an object, a list for each column.
    func write(seconds: Int, to json: inout JSONWriter) {
        let told = points.suffix(min(seconds, Self.length))
        if let first = told.first { json.member("t0", first.second) } else { json.null("t0") }
        json.member("step", 1)
        json.object("columns") { json in
            for (index, column) in PulseColumn.allCases.enumerated() {
                json.key(dynamic: column.rawValue)
                json.array { list in for point in told { list.element(point.values[index]) } }
            }
        }
    }
}

extension PulsePoint {
    /// The event that tells of it, as a stream has it.
    var event: ByteBuffer {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.member("t", second)
            json.object("p") { json in
                for (index, column) in PulseColumn.allCases.enumerated() {
                    json.key(dynamic: column.rawValue)
                    json.element(values[index])
                }
            }
        }
        return .event("tick", json.bytes)
    }
}

extension ByteBuffer {
    /// An event of a stream (HTML, section 9.2).
    static func event(_ name: String, _ json: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("event: \(name)\n")
        buffer.writeString("data: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
        return buffer
    }
}
