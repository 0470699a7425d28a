import Testing

@testable import SiraTelemetry

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct LogWriterTests {
    /// A pipe, and what has been read from it.
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() {
            var ends: [Int32] = [0, 0]
            #expect(pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
        }

        func read(_ count: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            var got = 0
            while got < count {
                let more = bytes.withUnsafeMutableBytes { systemRead(reader, $0.baseAddress! + got, count - got) }
                guard more > 0 else { break }
                got += more
            }
            return Array(bytes[..<got])
        }

        func close() {
            for end in [reader, writer] { _ = systemClose(end) }
        }
    }

    @Test func `lines come out in their order`() {
        let pipe = Pipe()
        defer { pipe.close() }
        let log = LogWriter(descriptor: pipe.writer)
        let lines = (0..<200).map { Array("line \($0)\n".utf8) }
        for line in lines { log.write(line) }
        log.flush()
        #expect(pipe.read(lines.joined().count) == Array(lines.joined()))
    }

    @Test func `a reader that stalls stops nobody, and what was dropped is counted`() {
        let pipe = Pipe()
        defer { pipe.close() }
        let log = LogWriter(descriptor: pipe.writer, limit: 1 << 20)
        // Far more than pipe and memory hold; this returns although nobody reads.
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1_023) + [UInt8(ascii: "\n")]
        for _ in 0..<4_096 { log.write(line) }
        var (kept, dropped) = (0, 0)
        var rest: [UInt8] = []
        while kept + dropped < 4_096 {
            rest += pipe.read(1)
            guard rest.last == UInt8(ascii: "\n") else { continue }
            if rest.count == line.count {
                kept += 1
            } else {
                let notice = String(decoding: rest, as: UTF8.self)
                dropped += notice.split(separator: " ").compactMap { Int($0) }.reduce(0, +)
            }
            rest = []
        }
        #expect(kept + dropped == 4_096)
        #expect(dropped > 0 && kept >= 1_024)
    }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
