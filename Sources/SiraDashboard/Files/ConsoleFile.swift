import CConsoleData
package import NIOCore

/// One file of the web console, as it lies in the binary.
package struct ConsoleFile: Sendable {
    /// Relative to the console's folder, such as `assets/app.js`.
    package let path: String
    package let body: ByteBuffer

    package init(path: String, body: ByteBuffer) {
        (self.path, self.body) = (path, body)
    }

    /// All files, ordered by their paths.
    package static let all: [ConsoleFile] = {
        var count = 0
        guard let first = sira_console_files(&count) else { return [] }
        return UnsafeBufferPointer(start: first, count: count).map { file in
            ConsoleFile(
                path: String(cString: file.path),
                body: ByteBuffer(bytes: UnsafeBufferPointer(start: file.bytes, count: file.length))
            )
        }
    }()

    /// The media type, by the end of the name.
    package var contentType: String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "woff2": "font/woff2"
        default: "application/octet-stream"
        }
    }

    /// Whether compressing it makes it any smaller; fonts are compressed as they are.
    package var isCompressible: Bool { !path.hasSuffix(".woff2") }

    /// The body as `Content-Encoding: gzip` has it (RFC 1952); nil when that failed.
    package static func zipped(_ body: ByteBuffer) -> ByteBuffer? {
        let capacity = sira_console_gzip_bound(body.readableBytes)
        var zipped = ByteBuffer()
        let written = zipped.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { output in
            body.withUnsafeReadableBytes { input in
                guard let bytes = input.assumingMemoryBound(to: UInt8.self).baseAddress,
                    let start = output.assumingMemoryBound(to: UInt8.self).baseAddress
                else { return 0 }
                return sira_console_gzip(bytes, input.count, start, output.count)
            }
        }
        return written > 0 ? zipped : nil
    }
}
