import Foundation
import SiraStorage
import SiraTesting
import Testing

@testable import SiraLedger

@Suite struct JournalTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test func `two servers cannot share a data directory, and the second is told who has it`() throws {
        let first = try bench.open()
        let error = #expect(throws: JournalError.self) { _ = try bench.open() }
        let process = String(ProcessInfo.processInfo.processIdentifier)
        #expect(error == .inUse(data: bench.directory.path, process: process))
        #expect(error?.description.contains(process) == true)
        _ = first.depth
    }

    @Test func `the directory is free again when its journal is gone`() throws {
        _ = try bench.open().depth
        _ = try bench.open().depth
    }

    @Test func `files are for their owner alone`() throws {
        let journal = try bench.open()
        let lane = journal.makeLane()
        lane.append(Bench.records(1)[0])
        lane.flush()
        let files = FileManager.default
        let segment = try bench.segments()[0]
        for (path, mode) in [("journal", 0o700), ("sira.lock", 0o600), ("journal/\(segment)", 0o600)] {
            let attributes = try files.attributesOfItem(atPath: bench.directory.path + "/" + path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(path)")
        }
    }

    @Test func `a cancelled journal ships what the lanes have closed before it ends`() async throws {
        let journal = try bench.open()
        let lane = journal.makeLane()
        let records = Bench.records(10)
        for record in records { lane.append(record) }
        #expect(lane.close() == 0)
        let running = Task { await journal.run() }
        running.cancel()
        await running.value
        #expect(try await bench.stored == Set(records))
        #expect(try bench.segments().isEmpty)
    }

    @Test func `a data directory that cannot be used is named`() throws {
        try bench.leave([], as: "file")
        let error = #expect(throws: JournalError.self) {
            _ = try Journal(data: bench.path + "/file/x", store: bench.store, logger: bench.logger)
        }
        #expect(error?.description.contains("/file/x") == true)
    }
}
