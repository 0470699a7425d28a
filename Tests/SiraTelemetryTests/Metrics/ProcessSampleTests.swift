@testable import SiraTelemetry
import Testing

@Suite struct ProcessSampleTests {
    @Test func `a command's name with spaces and parentheses does not shift the fields`() {
        var sample = ProcessSample()
        let fields = "S 1 2 3 4 5 6 7 8 9 10 150 50 11 12 20 0 13 0 900 1048576 2 18446744073709551615"
        sample.apply(stat: "42 (a ) b) \(fields)", ticksPerSecond: 100)
        #expect(sample.cpuSeconds == 2)
        #expect(sample.virtualBytes == 1_048_576)
        #expect((sample.residentBytes ?? 0) > 2)
    }

    @Test func `a line that is cut short gives nothing`() {
        var sample = ProcessSample()
        sample.apply(stat: "42 (sira) S 1 2")
        #expect(sample.cpuSeconds == nil)
        #expect(sample.residentBytes == nil)
    }

    #if os(Linux)
    @Test func `this process has memory, descriptors and a start`() {
        let sample = ProcessSample.current()
        #expect((sample.residentBytes ?? 0) > 1_000_000)
        #expect((sample.openDescriptors ?? 0) >= 3)
        #expect((sample.maximumDescriptors ?? 0) >= (sample.openDescriptors ?? 0))
        #expect((sample.startSeconds ?? 0) > 1_600_000_000)
    }
    #endif
}
