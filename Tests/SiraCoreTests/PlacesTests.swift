import SiraCore
import Testing

@Suite struct PlacesTests {
    @Test func `a place is free again once nobody holds it`() {
        let places = Places(limit: 2)
        var held = (0..<2).map { _ in places.take() }
        #expect(held.allSatisfy { $0 != nil } && places.take() == nil)
        held.removeLast()
        #expect(places.take() != nil)
    }

    @Test func `one holder has no more than one may have, and leaves room for others`() {
        let places = Places(limit: 2, each: 1)
        var held = [places.take(for: "a")]
        #expect(held.first != nil && places.take(for: "a") == nil)
        held.append(places.take(for: "b"))
        #expect(held.count { $0 != nil } == 2 && places.take(for: "c") == nil)
        held.removeFirst()
        #expect(places.take(for: "b") == nil)
        #expect(places.take(for: "a") != nil)
    }
}
