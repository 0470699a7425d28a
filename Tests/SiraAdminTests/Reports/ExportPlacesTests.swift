import Testing

@testable import SiraAdmin

@Suite struct ExportPlacesTests {
    @Test func `a place is free again once nobody holds it, whether a file was sent or not`() throws {
        let places = ExportPlaces()
        var held = (0..<ExportPlaces.limit).map { _ in places.take() }
        #expect(held.allSatisfy { $0 != nil } && places.take() == nil)
        held.removeLast()
        #expect(places.take() != nil)
    }
}
