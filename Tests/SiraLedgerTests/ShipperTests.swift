import Foundation
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@testable import SiraLedger

@Suite struct ShipperTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test func `records go from several lanes into the database, once each, and the files are gone`() async throws {
        let database = try SQLiteDatabase(path: bench.directory.path + "/sira.db")
        let journal = try bench.open(store: database.usage)
        let records = Bench.records(60)
        let lanes = (0..<3).map { _ in journal.makeLane() }
        for (index, record) in records.enumerated() {
            lanes[index % 3].append(record)
            lanes[index % 3].flush()
        }
        #expect(try await journal.shipOnce() == Shipment())
        #expect(journal.depth.records == 60 && journal.depth.segments == 3)
        for lane in lanes { lane.tick() }
        let shipment = try await journal.shipOnce()
        #expect(shipment.records == 60 && shipment.inserted == 60 && shipment.segments == 3)
        #expect(try bench.segments().isEmpty)
        #expect(journal.depth == JournalDepth())
        for record in records { #expect(try await database.usage.records(of: record.request) == [record]) }
        let expected = records.reduce(into: UsageTotals()) { $0 += UsageTotals($1) }
        #expect(try await database.rollups.totals(RollupQuery(.day)).first?.totals == expected)
        try database.close()
    }

    @Test func `a crash between commit and deletion doubles nothing`() async throws {
        let database = try SQLiteDatabase(path: bench.directory.path + "/sira.db")
        let records = Bench.records(20)
        for _ in 0..<2 {
            try bench.leave(segmentBytes(records), as: "0-1000-1.seg")
            let shipment = try await bench.open(store: database.usage).shipOnce()
            #expect(shipment.records == 20)
        }
        let expected = records.reduce(into: UsageTotals()) { $0 += UsageTotals($1) }
        #expect(try await database.rollups.totals(RollupQuery(.day)).first?.totals == expected)
        try database.close()
    }

    @Test func `what a killed process left is shipped at the next start, torn last record aside`() async throws {
        let records = Bench.records(3)
        let bytes = segmentBytes(records)
        for missing in 0..<40 {
            let bench = try Bench()
            try bench.leave(Array(bytes.dropLast(missing)), as: "2-1000-1.seg")
            try bench.leave(Array("not ours".utf8), as: "notes.txt")
            let shipment = try await bench.open().shipOnce()
            #expect(shipment.records == (missing == 0 ? 3 : 2) && shipment.damaged == 0)
            #expect(try await bench.stored == Set(missing == 0 ? records : Array(records[..<2])))
            #expect(try bench.segments().isEmpty)
        }
    }

    @Test func `a segment with a broken middle is shipped without it and put aside whole`() async throws {
        let records = Bench.records(5)
        var bytes = segmentBytes(records)
        bytes[segmentBytes(Array(records[..<2])).count + 20] ^= 0xFF
        try bench.leave(bytes, as: "0-1000-1.seg")
        try bench.leave(segmentBytes(Bench.records(4, seed: 9)), as: "0-1001-2.seg")
        let journal = try bench.open()
        let shipment = try await journal.shipOnce()
        #expect(shipment.damaged == 1 && shipment.segments == 2 && shipment.records == 8)
        #expect(try await bench.stored == Set(records[..<2] + records[3...] + Bench.records(4, seed: 9)))
        #expect(try bench.segments().isEmpty)
        #expect(try bench.segments("/damaged") == ["0-1000-1.seg"])
        #expect(try bench.bytes("damaged/0-1000-1.seg") == bytes)
        #expect(journal.depth.segments == 0 && journal.depth.bytes == 0 && journal.depth.damagedSegments == 1)
    }

    @Test func `segments that were put aside earlier are still spoken of`() throws {
        try bench.leave([], as: "notes.txt")
        try FileManager.default.createDirectory(atPath: bench.path + "/damaged", withIntermediateDirectories: true)
        try bench.leave([1], as: "damaged/0-1000-1.seg")
        #expect(try bench.open().depth.damagedSegments == 1)
    }

    @Test func `what was flushed before kill -9 is in the database after the next start`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = bench.directory.path as String] in
            let bench = try Bench()
            let lane = try Journal(data: path, store: bench.store, logger: bench.logger).makeLane()
            for record in Bench.records(100) {
                lane.append(record)
                lane.flush()
            }
            for record in Bench.records(3, seed: 2) { lane.append(record) }  // whose answers have not gone out
            kill(getpid(), SIGKILL)
        }
        #expect(try await bench.open().shipOnce().inserted == 100)
        #expect(try await bench.stored == Set(Bench.records(100)))
    }

    @Test func `while the store fails everything is kept, in few files, and then shipped`() async throws {
        let store = RefusingStore(behind: bench.store)
        let journal = try bench.open(store: store)
        let lane = journal.makeLane()
        let records = Bench.records(30)
        for (index, record) in records.enumerated() {
            lane.append(record)
            lane.tick()
            if index % 10 == 9 { await #expect(throws: RefusingStore.Refusal.self) { try await journal.shipOnce() } }
        }
        #expect(try bench.segments().count < 15)
        #expect(journal.depth.records == 30)
        #expect(journal.depth.oldestAge != nil)
        store.isRefusing.store(false, ordering: .relaxed)
        _ = try await journal.shipOnce()
        lane.tick()
        _ = try await journal.shipOnce()
        #expect(try await bench.stored == Set(records))
        #expect(journal.depth == JournalDepth())
    }

    @Test func `a store that fails between batches is given the rest, and nothing twice`() async throws {
        var settings = JournalSettings()
        settings.batchSize = 7
        let store = RefusingStore(behind: bench.store)
        store.isRefusing.store(false, ordering: .relaxed)
        store.refusesAfter.store(2, ordering: .relaxed)
        let records = Bench.records(30)
        try bench.leave(segmentBytes(records), as: "0-1000-1.seg")
        let journal = try bench.open(settings, store: store)
        await #expect(throws: RefusingStore.Refusal.self) { try await journal.shipOnce() }
        #expect(try await bench.stored.count == 14)
        #expect(try bench.segments().count == 1)
        store.refusesAfter.store(.max, ordering: .relaxed)
        #expect(try await journal.shipOnce().inserted == 16)
        #expect(try await bench.stored == Set(records))
    }

    @Test func `a segment that cannot be read is complained of, waits longer each time, and stops no other`()
        async throws
    {
        let records = Bench.records(3)
        // Reading a directory fails for everybody, root included.
        let path = bench.path + "/0-1000-1.seg"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try bench.leave(segmentBytes(records), as: "0-1001-2.seg")
        let journal = try bench.open()
        let lane = journal.makeLane()
        await #expect(throws: JournalError.self) { try await journal.shipOnce() }
        #expect(try await bench.stored == Set(records))
        #expect(try bench.segments() == ["0-1000-1.seg"])

        let more = Bench.records(4, seed: 2)
        var complaints: [Int] = []
        for round in 1...12 {
            if round <= 4 { lane.append(more[round - 1]) }
            lane.tick()
            do { _ = try await journal.shipOnce() } catch is JournalError { complaints.append(round) }
        }
        #expect(complaints == [1, 3, 7])
        #expect(try await bench.stored == Set(records + more))

        try FileManager.default.removeItem(atPath: path)
        try bench.leave(segmentBytes(Bench.records(2, seed: 3)), as: "0-1000-1.seg")
        var shipped = 0
        for _ in 0..<8 { shipped += try await journal.shipOnce().records }
        #expect(shipped == 2)
        #expect(journal.depth == JournalDepth())
    }

    @Test func `a segment that cannot be put aside stops no other, and is booked once`() async throws {
        let records = Bench.records(3)
        try bench.leave(segmentBytes(records) + [1, 2, 3, 0, 0, 0, 0, 0, 0], as: "0-1000-1.seg")
        try bench.leave(segmentBytes(Bench.records(2, seed: 2)), as: "0-1001-2.seg")
        let obstacle = bench.path + "/damaged/0-1000-1.seg"
        try FileManager.default.createDirectory(atPath: obstacle + "/x", withIntermediateDirectories: true)
        let journal = try bench.open()
        await #expect(throws: JournalError.self) { try await journal.shipOnce() }
        #expect(try await bench.stored.count == 5)
        try FileManager.default.removeItem(atPath: obstacle)
        let shipment = try await journal.shipOnce()
        #expect(shipment.damaged == 1 && shipment.inserted == 0)
        #expect(try bench.segments().isEmpty)
    }

    @Test func `a record that the store refuses for good costs no other, and its segment is put aside`() async throws {
        var records = Bench.records(30)
        for index in records.indices { records[index].status = [3, 4, 29].contains(index) ? 599 : 200 }
        try bench.leave(segmentBytes(records), as: "0-1000-1.seg")
        try bench.leave(segmentBytes(Bench.records(2, seed: 2)), as: "0-1001-2.seg")
        var settings = JournalSettings()
        settings.batchSize = 8
        let shipment = try await bench.open(settings, store: PickyStore(behind: bench.store)).shipOnce()
        #expect(shipment.inserted == 29 && shipment.refused == 3)
        #expect(shipment.segments == 2 && shipment.damaged == 1)
        #expect(try bench.segments("/damaged") == ["0-1000-1.seg"])
        let good = records.filter { $0.status == 200 } + Bench.records(2, seed: 2)
        #expect(try await bench.stored == Set(good))
    }

    @Test func `an error that does not blame the records is an outage, and nothing is put aside`() async throws {
        var records = Bench.records(3)
        records[1].status = 599
        try bench.leave(segmentBytes(records), as: "0-1000-1.seg")
        let journal = try bench.open(store: PickyStore(behind: bench.store, blamesRecords: false))
        await #expect(throws: PickyStore.Fault.self) { try await journal.shipOnce() }
        #expect(try bench.segments() == ["0-1000-1.seg"])
        #expect(try bench.segments("/damaged").isEmpty)
    }

    @Test func `a segment that disappears does not stop the others`() async throws {
        try bench.leave(segmentBytes(Bench.records(2)), as: "0-1000-1.seg")
        try bench.leave(segmentBytes(Bench.records(3, seed: 2)), as: "0-1001-2.seg")
        let journal = try bench.open()
        try FileManager.default.removeItem(atPath: bench.path + "/0-1000-1.seg")
        #expect(try await journal.shipOnce().records == 3)
        #expect(journal.depth == JournalDepth())
    }
}

/// A store that can be made to fail.
final class RefusingStore: UsageStore {
    struct Refusal: Error {}

    let isRefusing = Atomic<Bool>(true)
    /// How many insertions go well before one fails.
    let refusesAfter = Atomic<Int>(.max)
    private let inner: MemoryUsageStore

    init(behind inner: MemoryUsageStore) {
        self.inner = inner
    }

    func insert(_ records: [UsageRecord]) async throws -> Int {
        guard !isRefusing.load(ordering: .relaxed) else { throw Refusal() }
        guard refusesAfter.subtract(1, ordering: .relaxed).newValue >= 0 else { throw Refusal() }
        return try await inner.insert(records)
    }

    func records(of request: RequestID) async throws -> [UsageRecord] { try await inner.records(of: request) }
    func records(_ filter: UsageFilter) async throws -> [UsageRecord] { try await inner.records(filter) }
}

/// A store that takes no batch with a record of status 599 in it.
final class PickyStore: UsageStore {
    struct Fault: StoreFault { var blamesRecords: Bool }

    private let inner: MemoryUsageStore
    private let fault: Fault

    init(behind inner: MemoryUsageStore, blamesRecords: Bool = true) {
        self.inner = inner
        fault = Fault(blamesRecords: blamesRecords)
    }

    func insert(_ records: [UsageRecord]) async throws -> Int {
        guard !records.contains(where: { $0.status == 599 }) else { throw fault }
        return try await inner.insert(records)
    }

    func records(of request: RequestID) async throws -> [UsageRecord] { try await inner.records(of: request) }
    func records(_ filter: UsageFilter) async throws -> [UsageRecord] { try await inner.records(filter) }
}
