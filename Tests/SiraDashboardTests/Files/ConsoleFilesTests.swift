import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SiraDashboard
import Testing

@Suite struct ConsoleFilesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `every file of the console is in the binary as it lies in its folder`() throws {
        let web = Self.root.appending(path: "web")
        let endings: Set = ["html", "css", "js", "svg", "woff2"]
        var expected: Set<String> = ["index.html"]
        for folder in ["assets", "vendor"] {
            let files = try FileManager.default.subpathsOfDirectory(atPath: web.appending(path: folder).path())
            expected.formUnion(
                files.filter { endings.contains(URL(filePath: $0).pathExtension) }.map { "\(folder)/\($0)" }
            )
        }
        #expect(Set(ConsoleFile.all.map(\.path)) == expected, "run Scripts/console")
        for file in ConsoleFile.all {
            let bytes = try Data(contentsOf: web.appending(path: file.path))
            #expect(bytes == Data(file.body.readableBytesView), "\(file.path)")
        }
    }

    @Test func `what is compressed is a gzip file and smaller`() throws {
        for file in ConsoleFile.all where file.isCompressible && file.body.readableBytes > 500 {
            let zipped = try #require(ConsoleFile.zipped(file.body))
            #expect(zipped.readableBytes < file.body.readableBytes, "\(file.path)")
            // RFC 1952, section 2.3: the magic number, and at the end the length of what was compressed.
            #expect(zipped.getBytes(at: zipped.readerIndex, length: 3) == [0x1F, 0x8B, 8])
            let length = zipped.getInteger(at: zipped.writerIndex - 4, endianness: .little, as: UInt32.self)
            #expect(length == UInt32(file.body.readableBytes))
        }
    }

    @Test func `the document names no file that is not there, and nothing of another host`() throws {
        let document = try #require(ConsoleFile.all.first { $0.path == "index.html" })
        let text = String(buffer: document.body)
        let known = Set(ConsoleFile.all.map(\.path))
        let named = text.matches(of: /(?:href|src)="([^"]+)"/).map { String($0.output.1) }
        #expect(named.count > 5)
        for path in named {
            #expect(path.hasPrefix("/a/{tree}/"), "\(path)")
            #expect(known.contains(String(path.dropFirst("/a/{tree}/".count))), "\(path)")
        }
        #expect(!text.contains("<style") && text.firstMatch(of: /<script(?![^>]* src=)/) == nil)
        #expect(text.firstMatch(of: /\ on[a-z]+=/) == nil)
    }

    @Test func `pages are what has a script`() {
        #expect(ConsoleFiles().pages.contains("keys"))
        let files = ["index.html", "assets/pages/a.js", "assets/pages/b/part.js", "assets/pages/c.css", "assets/d.js"]
        #expect(ConsoleFiles(files.map { ConsoleFile(path: $0, body: ByteBuffer()) }).pages == ["a"])
    }
}
