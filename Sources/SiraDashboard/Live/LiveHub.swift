import NIOCore
package import SiraCore
import SiraJSON
package import SiraStorage
import SiraTenancy

/// Where what is shown live comes from.
package struct LiveSource: Sendable {
    /// The lines of the ledger since the last call.
    package var lines: @Sendable () -> [UsageRecord]
    /// How many requests are being answered.
    package var inflight: @Sendable () -> Int
    /// The name of a key, by its id.
    package var keyName: @Sendable (String) async -> String?
    /// What fires at the moment, in words.
    package var firing: @Sendable () async -> [String]
    package var clock: GatewayClock

    package init(
        lines: @escaping @Sendable () -> [UsageRecord],
        inflight: @escaping @Sendable () -> Int,
        keyName: @escaping @Sendable (String) async -> String?,
        firing: @escaping @Sendable () async -> [String] = { [] },
        clock: GatewayClock
    ) {
        self.lines = lines
        self.inflight = inflight
        self.keyName = keyName
        self.firing = firing
        self.clock = clock
    }
}

/// Looks once a second at what has happened, and tells all who watch.
///
/// What is told is computed once for all who may see the same, and they get the same bytes.
package actor LiveHub {
    private let source: LiveSource
    private var rows = LiveRows()
    private var tracks: [RequestReach: PulseTrack] = [:]
    private var recent: [RequestReach: [LiveChunk]] = [:]
    /// The second in which each reach last had a reader.
    private var watchedAt: [RequestReach: Int64] = [:]
    private var readers: [Int: LiveReader] = [:]
    private var nextReader = 0
    private var names: [String: String] = [:]
    private var inflight = 0
    /// Requests that are no longer being answered, and whose lines have not come yet, below zero.
    private var arrivals = 0
    private var toldSecond: Int64?
    private var firing: [String]?

    /// Streams that are open at the same time.
    static let readerLimit = 50
    /// Parts of the gateway whose hours are kept, beside the whole.
    private static let trackLimit = 64
    /// Seconds that a stream can be resumed for.
    private static let resumable: Int64 = 60
    /// How many reaches that nobody reads any more wait for those who were cut off.
    private static let leftLimit = 50

    package init(_ source: LiveSource) {
        self.source = source
        tracks[.gateway] = PulseTrack(lookedAt: 0)
    }

    // MARK: time

    /// Ticks each whole second until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let past = source.clock.now().microseconds % 1_000_000
            guard (try? await Task.sleep(for: .microseconds(1_000_000 - past))) != nil else { break }
            await tick()
        }
        for reader in readers.values { reader.chunks.finish() }
        readers = [:]
    }

    /// Tells of the second that has just ended.
    package func tick() async {
        let second = source.clock.now().seconds - 1
        // Who wakes a little early has told of that second already; a clock that was set back begins anew.
        if let told = toldSecond, second <= told, told - second < Self.resumable { return }
        toldSecond = second
        let (lines, running) = (source.lines(), source.inflight())
        let ended = rows.take(lines)
        arrivals += ended.count + running - inflight
        let arrived = max(0, arrivals)
        (inflight, arrivals) = (running, min(0, arrivals))
        for reach in Array(tracks.keys) {
            let own = reach == .gateway ? lines : lines.filter(reach.includes)
            let isWhole = reach == .gateway
            tracks[reach]?.add(own, at: second, arrived: isWhole ? arrived : nil, inflight: isWhole ? running : nil)
        }
        let alert = await alertEvent()
        for reader in readers.values { watchedAt[reader.reach] = second }
        // Who was cut off is told of the seconds until it is back.
        watchedAt = watchedAt.filter { second - $0.value < Self.resumable }
        let left = watchedAt.filter { reach, _ in !readers.values.contains { $0.reach == reach } }
        for (reach, _) in left.sorted(by: { $0.value > $1.value }).dropFirst(Self.leftLimit) { watchedAt[reach] = nil }
        for reach in watchedAt.keys {
            let own = ended.filter { reach.includes($0.record) }
            await lookUpNames(of: own.suffix(LiveRows.most))
            let chunk = LiveChunk(
                second: second,
                tick: tracks[reach]?.last?.event,
                rows: LiveRows.event(own, names: names),
                // What fires is of the whole gateway.
                alert: reach == .gateway ? alert : nil
            )
            recent[reach] = (recent[reach] ?? []).suffix(Int(Self.resumable) - 1) + [chunk]
            for (number, reader) in readers where reader.reach == reach { tell(number, chunk) }
        }
        forget(before: second)
    }

    /// Tells everyone, with the second that runs, of something else, such as that the configuration was changed.
    ///
    /// - Parameter json: an object that says no more than all may know.
    package func publish(_ name: String, _ json: [UInt8]) {
        let event = ByteBuffer.event(name, json)
        for number in readers.keys { readers[number]?.kept.add(LiveChunk(second: 0, other: event)) }
    }

    /// Tells a reader of a second and of what it was not told of before; lets go of one that is gone.
    private func tell(_ number: Int, _ chunk: LiveChunk) {
        guard let reader = readers[number] else { return }
        var whole = reader.kept
        whole.add(chunk)
        switch reader.chunks.yield(whole) {
        case .terminated: readers[number] = nil
        // What happened once is kept for the next second; the sums of a second are told then or never.
        case .dropped(let missed):
            let alert = whole.alert == nil ? missed.alert : nil
            readers[number]?.kept = LiveChunk(second: 0, alert: alert, other: missed.other)
        default: readers[number]?.kept = LiveChunk(second: 0)
        }
    }

    private func alertEvent() async -> ByteBuffer? {
        guard readers.values.contains(where: { $0.reach == .gateway }) else { return nil }
        let now = await source.firing()
        guard now != firing else { return nil }
        firing = now
        var json = JSONWriter()
        json.object { json in json.array("firing") { list in for words in now { list.element(words) } } }
        return .event("alert", json.bytes)
    }

    private func lookUpNames(of entries: some Sequence<RequestEntry>) async {
        if names.count > 10_000 || source.clock.now().seconds % 60 == 0 { names = [:] }
        for id in Set(entries.map(\.record.key)) where !id.isEmpty && names[id] == nil {
            names[id] = await source.keyName(id)
        }
    }

    /// Lets go of what nobody looks at.
    private func forget(before second: Int64) {
        let watched = Set(readers.values.map(\.reach))
        for reach in watched { tracks[reach]?.lookedAt = second }
        recent = recent.filter { watchedAt[$0.key] != nil }
        guard tracks.count > Self.trackLimit + 1 else { return }
        let unused = tracks.filter { $0.key != .gateway && !watched.contains($0.key) }
        for (reach, _) in unused.sorted(by: { $0.value.lookedAt < $1.value.lookedAt })
            .prefix(tracks.count - Self.trackLimit - 1)
        { tracks[reach] = nil }
    }

    // MARK: readers

    /// The last seconds of what somebody may see, as an object.
    ///
    /// Of a part of the gateway they are counted from when it was first asked for.
    package func pulse(_ reach: RequestReach, seconds: Int) -> [UInt8] {
        let now = source.clock.now().seconds
        tracks[reach, default: PulseTrack(lookedAt: now)].lookedAt = now
        var json = JSONWriter(capacity: 32_768)
        json.object { json in
            tracks[reach]?.write(seconds: seconds, to: &json)
            json.array("scope") { list in
                for place in reach.places ?? [.gateway] { list.element(place.description) }
            }
        }
        return json.bytes
    }

    /// Begins to read; nil when too many read already.
    ///
    /// - Parameter last: the second that the client was last told of.
    func read(_ reach: RequestReach, after last: Int64?) -> LiveReading? {
        guard readers.count < Self.readerLimit else { return nil }
        // Who does not keep up is told of the newest alone.
        let (chunks, continuation) = AsyncStream<LiveChunk>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let now = source.clock.now().seconds
        tracks[reach, default: PulseTrack(lookedAt: 0)].lookedAt = now
        watchedAt[reach] = now
        nextReader += 1
        readers[nextReader] = LiveReader(reach: reach, chunks: continuation)
        if reach == .gateway { firing = nil }
        let missed = last.map { last in (recent[reach] ?? []).filter { $0.second > last } } ?? []
        return LiveReading(reader: nextReader, missed: missed, chunks: chunks)
    }

    func stop(_ reader: Int) { readers.removeValue(forKey: reader)?.chunks.finish() }

    /// How many read at the moment.
    package var readerCount: Int { readers.count }
}

extension RequestReach {
    /// All there is.
    static let gateway = RequestReach(places: nil)
}

/// What somebody who has begun to read gets.
struct LiveReading: Sendable {
    let reader: Int
    /// What has come since they last read.
    let missed: [LiveChunk]
    let chunks: AsyncStream<LiveChunk>
}

/// Who reads a stream.
private struct LiveReader {
    var reach: RequestReach
    var chunks: AsyncStream<LiveChunk>.Continuation
    /// What it is to be told with the next second.
    var kept = LiveChunk(second: 0)
}

/// What streams are told at a time.
struct LiveChunk: Sendable {
    var second: Int64
    var tick: ByteBuffer?
    var rows: ByteBuffer?
    var alert: ByteBuffer?
    var other: ByteBuffer?

    /// Adds what came later, which takes the place of what can be told of once only.
    fileprivate mutating func add(_ later: LiveChunk) {
        (second, tick, rows, alert) = (later.second, later.tick, later.rows, later.alert ?? alert)
        guard var event = later.other else { return }
        if other == nil { other = event } else { other?.writeBuffer(&event) }
    }
}
