import Foundation
import NIOCore
import SiraCore
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraDashboard

@Suite struct LiveHubTests {
    /// What the hub is to see next.
    private final class World: Sendable {
        let lines = Mutex<[UsageRecord]>([])
        let inflight = Mutex(0)
        let firing = Mutex<[String]>([])

        func take() -> [UsageRecord] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }

    private let world = World()
    private let clock = VirtualClock()
    private let hub: LiveHub

    init() {
        let world = world
        hub = LiveHub(
            LiveSource(
                lines: { world.take() },
                inflight: { world.inflight.withLock { $0 } },
                keyName: { $0 == "key_1" ? "web" : nil },
                firing: { world.firing.withLock { $0 } },
                clock: clock.gateway
            )
        )
    }

    private func record(
        _ number: UInt64,
        team: String = "red",
        _ change: (inout UsageRecord) -> Void = { _ in }
    ) -> UsageRecord {
        var record = UsageRecord(request: RequestID(high: 1, low: number), startedAt: clock.gateway.now())
        (record.team, record.key, record.provider) = (team, "key_1", "p")
        record.duration = 2_000
        change(&record)
        return record
    }

    private func happen(_ records: [UsageRecord]) async {
        world.lines.withLock { $0 = records }
        clock.advance(by: .seconds(1))
        await hub.tick()
    }

    private func columns(_ reach: RequestReach = .gateway) async throws -> [String: [Any]] {
        let json = try JSONSerialization.jsonObject(with: Data(await hub.pulse(reach, seconds: 60)))
        return try #require((json as? [String: Any])?["columns"] as? [String: [Any]])
    }

    /// The newest text that a reader was told.
    private func told(_ reading: LiveReading) async -> (tick: String, rows: String, alert: String) {
        for await chunk in reading.chunks {
            return (
                chunk.tick.map { String(buffer: $0) } ?? "", chunk.rows.map { String(buffer: $0) } ?? "",
                chunk.alert.map { String(buffer: $0) } ?? ""
            )
        }
        return ("", "", "")
    }

    private static let red = RequestReach(places: [Scope(.team, "red")])

    @Test func `a second tells what ended in it`() async throws {
        world.inflight.withLock { $0 = 3 }
        await happen([
            record(1) { ($0.usage.input, $0.usage.output, $0.cost) = (10, 5, NanoUSD(nanos: 2_000_000_000)) },
            record(2) { $0.outcome = .upstreamError },
            record(3) { ($0.isFinal, $0.cost) = (false, NanoUSD(nanos: 500_000_000)) },
            record(4) { ($0.usage.cacheRead, $0.duration) = (4, 8_000) },
        ])
        let columns = try await columns()
        let expected: [String: Double] = [
            "rps": 6, "inflight": 3, "ok": 2, "failed": 1, "input_tokens": 10, "output_tokens": 5, "cost": 2.5,
            "cache_hits": 1, "cache_lookups": 2, "p50": 2, "sessions": 1,
        ]
        for (name, value) in expected { #expect(columns[name]?.last as? Double == value, "\(name)") }
        #expect(columns["ttft_p95"]?.last is NSNull)
    }

    @Test func `all who may see the same are told the same bytes`() async throws {
        let readings = try [
            #require(await hub.read(Self.red, after: nil)), #require(await hub.read(Self.red, after: nil)),
        ]
        await happen([record(1)])
        let (one, other) = (await told(readings[0]), await told(readings[1]))
        #expect(one.rows == other.rows && one.tick == other.tick)
        #expect(one.rows.contains(RequestID(high: 1, low: 1).description) && one.rows.contains("\"name\":\"web\""))
    }

    @Test func `nobody is told of what is not theirs`() async throws {
        let reading = try #require(await hub.read(Self.red, after: nil))
        await happen([record(1, team: "blue"), record(2, team: "red")])
        let told = await told(reading)
        #expect(told.rows.contains(RequestID(high: 1, low: 2).description))
        #expect(!told.rows.contains(RequestID(high: 1, low: 1).description))
        #expect(try await columns(Self.red)["ok"]?.last as? Double == 1)
        #expect(try await columns(Self.red)["inflight"]?.last is NSNull)
        #expect(try await columns()["ok"]?.last as? Double == 2)
    }

    @Test func `of many the newest are told and the others counted`() async throws {
        let reading = try #require(await hub.read(.gateway, after: nil))
        await happen((1...50).map { record($0) })
        let rows = await told(reading).rows
        #expect(rows.contains("\"skipped\":30") && rows.contains(RequestID(high: 1, low: 50).description))
        #expect(!rows.contains(RequestID(high: 1, low: 30).description))
    }

    @Test func `a request costs what all of its attempts cost`() async throws {
        let reading = try #require(await hub.read(.gateway, after: nil))
        await happen([record(1) { ($0.isFinal, $0.cost, $0.provider) = (false, NanoUSD(nanos: 5), "q") }])
        _ = await told(reading)
        await happen([record(1) { ($0.attempt, $0.cost) = (2, NanoUSD(nanos: 7)) }])
        let rows = await told(reading).rows
        #expect(
            rows.contains("\"cost_nano\":\"12\"") && rows.contains("\"attempts\":2")
                && rows.contains("\"fallback\":true")
        )
    }

    @Test func `who was away is told what came meanwhile`() async throws {
        let watching = try #require(await hub.read(.gateway, after: nil))
        await happen([record(1)])
        let seen = clock.gateway.now().seconds - 1
        await happen([record(2)])
        await happen([record(3)])
        let reading = try #require(await hub.read(.gateway, after: seen))
        #expect(reading.missed.map(\.second) == [seen + 1, seen + 2])
        await hub.stop(watching.reader)
    }

    @Test func `who does not keep up is told of the newest alone`() async throws {
        let reading = try #require(await hub.read(.gateway, after: nil))
        for number in 1...5 { await happen([record(UInt64(number))]) }
        let rows = await told(reading).rows
        #expect(rows.contains(RequestID(high: 1, low: 5).description))
    }

    @Test func `so many read and no more`() async throws {
        for _ in 0..<LiveHub.readerLimit { #expect(await hub.read(.gateway, after: nil) != nil) }
        #expect(await hub.read(.gateway, after: nil) == nil)
        await hub.stop(1)
        #expect(await hub.read(.gateway, after: nil) != nil)
    }

    @Test func `what fires is told when it changes, to those who see the whole`() async throws {
        let (whole, part) = try (
            #require(await hub.read(.gateway, after: nil)), #require(await hub.read(Self.red, after: nil))
        )
        world.firing.withLock { $0 = ["errors p"] }
        await happen([])
        #expect(await told(whole).alert.contains("errors p"))
        #expect(await told(part).alert.isEmpty)
        await happen([])
        #expect(await told(whole).alert.isEmpty)
    }

    @Test func `seconds without a tick are gaps, and an hour is kept`() async throws {
        await happen([record(1)])
        clock.advance(by: .seconds(3))
        await happen([record(2)])
        let ok = try #require(try await columns()["ok"])
        #expect(ok.count == 5 && ok[1] is NSNull && ok[4] as? Double == 1)
        clock.advance(by: .seconds(5_000))
        await happen([record(3)])
        #expect(try await columns()["ok"]?.count == 1)
    }

    @Test func `who is gone without a word takes no place`() async throws {
        for _ in 0..<LiveHub.readerLimit { _ = await hub.read(.gateway, after: nil) }
        await happen([])
        #expect(await hub.readerCount == 0)
    }

    @Test func `what fires reaches those who do not keep up`() async throws {
        let reading = try #require(await hub.read(.gateway, after: nil))
        world.firing.withLock { $0 = ["errors p"] }
        for number in 1...3 { await happen([record(UInt64(number))]) }
        let (first, rows) = (await told(reading), RequestID(high: 1, low: 3).description)
        #expect(first.rows.contains(rows) && first.alert.contains("errors p"))
        await happen([])
        #expect(await told(reading).alert.isEmpty)
    }

    @Test func `a change is told to everyone with the next second`() async throws {
        let reading = try #require(await hub.read(Self.red, after: nil))
        await hub.publish("config", Array("{}".utf8))
        await happen([record(1)])
        var chunks = reading.chunks.makeAsyncIterator()
        let chunk = try #require(await chunks.next())
        #expect(chunk.other.map { String(buffer: $0) } == "event: config\ndata: {}\n\n" && chunk.rows != nil)
    }

    @Test func `the only reader is told what came while it was away`() async throws {
        let reading = try #require(await hub.read(.gateway, after: nil))
        await happen([record(1)])
        let seen = clock.gateway.now().seconds - 1
        await hub.stop(reading.reader)
        await happen([record(2)])
        await happen([record(3)])
        let again = try #require(await hub.read(.gateway, after: seen))
        #expect(again.missed.map(\.second) == [seen + 1, seen + 2])
        #expect(again.missed.allSatisfy { $0.rows != nil })
        await hub.stop(again.reader)
        for _ in 0..<70 { await happen([]) }
        #expect(try #require(await hub.read(.gateway, after: seen)).missed.isEmpty)
    }

    @Test func `a request whose line comes a second late has arrived once`() async throws {
        world.inflight.withLock { $0 = 1 }
        await happen([])
        world.inflight.withLock { $0 = 0 }
        await happen([])
        await happen([record(1)])
        #expect(try await columns()["rps"]?.map { $0 as? Double } == [1, 0, 0])
    }
}
