import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct PlaygroundTests {
    @Test func `a place is free again once nobody holds it, and its answer given up unless it has ended`() {
        let count = Places(limit: 1)
        let abandoned = Atomic(0)
        for isWhole in [false, true] {
            let place = PlaygroundPlace(in: count)
            #expect(place != nil)
            place?.begin { abandoned.add(1, ordering: .relaxed) }
            #expect(PlaygroundPlace(in: count) == nil)
            if isWhole { place?.end() }
        }
        #expect(PlaygroundPlace(in: count) != nil)
        #expect(abandoned.load(ordering: .relaxed) == 1)
    }

    // MARK: keys

    private let clock = VirtualClock()
    private let directory: TemporaryDirectory
    private let database: SQLiteDatabase
    private let desk: ResourceDesk
    private let owner = Author(actor: "token:admin", authority: .owner)

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
        desk = ResourceDesk(database, clock: clock.gateway)
    }

    private func ids() async throws -> [String] {
        try await database.keys.allKeys().map(\.id)
    }

    @Test func `requests at the same time get the same key`() async throws {
        let keys = PlaygroundKeys(desk: desk, clock: clock.gateway)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask { [owner] in try await keys.text(for: owner, project: nil, like: nil).reveal() }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
        #expect(try await ids().count == 1)
    }

    @Test func `a key that has ended is good for another hour, one that was revoked is not`() async throws {
        let keys = PlaygroundKeys(desk: desk, clock: clock.gateway)
        let first = try await keys.text(for: owner, project: nil, like: nil).reveal()
        clock.advance(by: .seconds(7_200))
        #expect(try await keys.text(for: owner, project: nil, like: nil).reveal() == first)
        let id = try #require(try await ids().first)
        let key = try await desk.resource(.key, id, for: owner).key
        #expect(key?.expiresAt == clock.now.advanced(by: PlaygroundKeys.lifetime))
        _ = try await desk.revokeKey(id, by: owner)
        #expect(try await keys.text(for: owner, project: nil, like: nil).reveal() != first)
        #expect(try await ids().count == 2)
    }
}
