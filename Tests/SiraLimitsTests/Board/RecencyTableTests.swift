import SiraLimits
import SiraTesting
import Testing

@Suite struct RecencyTableTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a table forgets what a list in the order of use would`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = RecencyTable<Int, Int>(capacity: .random(in: 1...12, using: &random))
        // Oldest first.
        var list: [(key: Int, value: Int)] = []
        for step in 0..<2_000 {
            let key = Int.random(in: 0..<20, using: &random)
            let place = list.firstIndex { $0.key == key }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let found = table.value(for: key)
                #expect(found == place.map { list[$0].value })
                if let place { list.append(list.remove(at: place)) }
            case 1:
                let changed: Void? = table.change(key) { $0 += 1 }
                #expect((changed != nil) == (place != nil))
                if let place {
                    list.append(list.remove(at: place))
                    list[list.count - 1].value += 1
                }
            case 2:
                table.insert(step, for: key)
                if place == nil, list.count < table.capacity { list.append((key, step)) }
            default:
                let attempts = Int.random(in: 1...3, using: &random)
                let isGone = table.letGo(attempts: attempts) { $0.isMultiple(of: 2) }
                var expected = false
                for _ in 0..<min(attempts, list.count) {
                    let oldest = list.removeFirst()
                    expected = oldest.value.isMultiple(of: 2)
                    if expected { break }
                    list.append(oldest)
                }
                #expect(isGone == expected)
            }
            #expect(table.values.sorted() == list.map(\.value).sorted())
            #expect(table.isFull == (list.count == table.capacity))
        }
    }
}
