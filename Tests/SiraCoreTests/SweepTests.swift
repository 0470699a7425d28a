import SiraCore
import Testing

@Suite struct SweepTests {
    @Test(arguments: [0, 1, 64])
    func `a short list is looked at whole each time`(count: Int) {
        var sweep = Sweep()
        for _ in 0..<3 { #expect(sweep.next(of: count) == 0..<count) }
    }

    @Test(arguments: [65, 320, 321, 1_000, 12_345])
    func `a long list has been gone round after five times, each entry once`(count: Int) {
        var sweep = Sweep()
        for _ in 0..<2 {
            var seen: [Int] = []
            while seen.count < count {
                let part = sweep.next(of: count)
                #expect(part.count <= max(64, count / 5 + 1))
                seen += part
            }
            #expect(seen == Array(0..<count))
        }
    }

    @Test func `a list that has shrunk is begun anew`() {
        var sweep = Sweep()
        _ = sweep.next(of: 1_000)
        #expect(sweep.next(of: 10) == 0..<10)
    }
}
