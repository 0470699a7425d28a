import SiraStorage
import SiraTesting
import Testing

@testable import SiraLedger

@Suite struct JournalLaneTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    /// All the records in all the segments, in the order of the segments' numbers.
    private func written() throws -> [UsageRecord] {
        let names = try bench.segments().compactMap { SegmentName($0) }.sorted { $0.sequence < $1.sequence }
        return try names.flatMap { name in
            readAll(try bench.bytes(name.description)).records
        }
    }

    @Test func `a turn's records are one write, and none without records`() throws {
        let lane = try bench.open().makeLane()
        let records = Bench.records(5)
        for record in records { lane.append(record) }
        #expect(bench.disk.writes == 0)
        lane.flush()
        lane.flush()
        lane.tick()
        #expect(bench.disk.writes == 1)
        #expect(try written() == records)
    }

    @Test func `short and interrupted writes leave the same bytes`() throws {
        bench.disk.set {
            $0.longestWrite = 3
            $0.isInterrupted = true
        }
        let lane = try bench.open().makeLane()
        let records = Bench.records(5)
        for record in records {
            lane.append(record)
            lane.flush()
        }
        #expect(try bench.bytes(bench.segments()[0]) == segmentBytes(records))
    }

    @Test(arguments: [false, true])
    func `wherever the disk becomes full, what is written is whole and the rest follows later`(
        truncationFails: Bool
    ) async throws {
        let records = Bench.records(4)
        for room in 0..<segmentBytes(records).count {
            let bench = try Bench()
            let journal = try bench.open()
            let lane = journal.makeLane()
            bench.disk.set {
                $0.room = room
                $0.refusesTruncation = truncationFails
            }
            lane.append(records[0])
            lane.append(records[1])
            lane.flush()
            lane.append(records[2])
            lane.append(records[3])
            lane.flush()
            bench.disk.set { $0.room = nil }
            lane.tick()
            #expect(lane.close() == 0)
            let shipment = try await journal.shipOnce()
            #expect(shipment.damaged == 0, "room for \(room) bytes")
            #expect(try await bench.stored == Set(records))
            #expect(journal.depth == JournalDepth())
        }
    }

    @Test func `a full memory refuses new requests until the disk has room`() throws {
        var settings = JournalSettings()
        settings.memoryLimit = 1_000
        let journal = try bench.open(settings)
        let lane = journal.makeLane()
        bench.disk.set { $0.refusesCreation = true }
        let records = Bench.records(30)
        for record in records { lane.append(record) }
        lane.flush()
        #expect(lane.isFull && !journal.acceptsRecords && journal.isAlarming)
        bench.disk.set { $0.refusesCreation = false }
        lane.tick()
        #expect(!lane.isFull && journal.acceptsRecords && !journal.isAlarming)
        #expect(try written() == records)
    }

    @Test func `each failed creation, write and synchronization is counted`() throws {
        var settings = JournalSettings()
        settings.synchronization = .everyWrite
        let journal = try bench.open(settings)
        let lane = journal.makeLane()
        #expect(journal.writeErrors == 0)
        bench.disk.set { $0.refusesCreation = true }
        lane.append(Bench.records(1)[0])
        lane.flush()
        lane.tick()
        #expect(journal.writeErrors == 2)
        bench.disk.set {
            $0.refusesCreation = false
            $0.room = 0
        }
        lane.tick()
        #expect(journal.writeErrors == 3)
        bench.disk.set {
            $0.room = nil
            $0.refusesSynchronization = true
        }
        lane.tick()
        #expect(journal.writeErrors == 4)

        let other = try Bench()
        let patient = try other.open()
        other.disk.set { $0.refusesSynchronization = true }
        let second = patient.makeLane()
        second.append(Bench.records(1)[0])
        second.flush()
        patient.synchronizer.synchronizeOnce()
        #expect(patient.writeErrors == 1)
    }

    @Test func `what cannot be written before the end is said to be lost`() throws {
        let lane = try bench.open().makeLane()
        bench.disk.set { $0.room = 0 }
        for record in Bench.records(3) { lane.append(record) }
        #expect(lane.close() == 3)
    }

    @Test func `a segment is closed when it is large enough`() throws {
        var settings = JournalSettings()
        settings.segmentSize = 500
        let journal = try bench.open(settings)
        let lane = journal.makeLane()
        let records = Bench.records(40)
        for record in records {
            lane.append(record)
            lane.flush()
        }
        #expect(try bench.segments().count > 5)
        #expect(try written() == records)
        #expect(journal.depth.records == 40)
        let bytes = try bench.segments().map { try bench.bytes($0).count }.reduce(0, +)
        #expect(journal.depth.bytes == bytes)
    }

    @Test func `over its size limit the journal alarms, and refuses if it is told to`() throws {
        for policy in JournalSettings.LimitPolicy.allCases {
            let bench = try Bench()
            var settings = JournalSettings()
            settings.sizeLimit = 200
            settings.limitPolicy = policy
            let journal = try bench.open(settings)
            let lane = journal.makeLane()
            #expect(journal.acceptsRecords)
            for record in Bench.records(5) { lane.append(record) }
            lane.flush()
            #expect(journal.isAlarming)
            #expect(journal.acceptsRecords == (policy == .serve))
            // Whatever the policy, what has happened is recorded.
            lane.append(Bench.records(1, seed: 2)[0])
            lane.flush()
            #expect(journal.depth.records == 6)
        }
    }

    @Test func `with every write, the turn ends on the disk; with intervals, the lane does not wait`() throws {
        var settings = JournalSettings()
        settings.synchronization = .everyWrite
        let lane = try bench.open(settings).makeLane()
        for record in Bench.records(2) {
            lane.append(record)
            lane.flush()
        }
        #expect(bench.disk.synchronizations == 2)
        #expect(bench.disk.directorySynchronizations == 1)

        let other = try Bench()
        let journal = try other.open()
        let patient = journal.makeLane()
        patient.append(Bench.records(1)[0])
        patient.flush()
        #expect(other.disk.synchronizations == 0)
        journal.synchronizer.synchronizeOnce()
        journal.synchronizer.synchronizeOnce()
        #expect(other.disk.synchronizations == 1)
        patient.append(Bench.records(1)[0])
        patient.close()
        journal.synchronizer.synchronizeOnce()
        #expect(other.disk.synchronizations == 2)
    }
}
