import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
package import SiraAdmin
import Synchronization

/// Serves the web console's files.
///
/// All but the document lie under a path that holds the digest of them all, so browsers keep them for as long as the
/// binary is the same and never mix two. The document is the same for every page: which one is shown, its script sees
/// in the address. None holds any data.
package final class ConsoleFiles: AdminSurface {
    private let files: [String: ConsoleFile]
    private let document: ByteBuffer
    private let tree: String
    /// Compressed when first asked for.
    private let zipped = Mutex<[String: ByteBuffer]>([:])

    private static let documentPath = "index.html"
    /// Where the document names the digest.
    private static let mark = "{tree}"
    private static let pageFolder = "assets/pages/"

    package init(_ all: [ConsoleFile] = ConsoleFile.all) {
        files = Dictionary(all.map { ($0.path, $0) }) { first, _ in first }
        var digest = SHA256()
        for file in all {
            digest.update(data: Array(file.path.utf8))
            digest.update(data: Array(file.body.readableBytesView))
        }
        let tree = String(digest.finalize().prefix(6).flatMap { byte in [byte >> 4, byte & 15] }.map(Self.hexadecimal))
        self.tree = tree
        let markup = files[Self.documentPath].map { String(buffer: $0.body) } ?? ""
        document = ByteBuffer(
            string: markup.split(separator: Self.mark, omittingEmptySubsequences: false).joined(separator: tree)
        )
    }

    private static func hexadecimal(_ digit: UInt8) -> Character {
        Character(UnicodeScalar(digit < 10 ? 0x30 + digit : 0x57 + digit))
    }

    /// The names of the pages, each of which has a script.
    package var pages: [String] {
        files.keys.filter { $0.hasPrefix(Self.pageFolder) && $0.hasSuffix(".js") }
            .map { String($0.dropFirst(Self.pageFolder.count).dropLast(3)) }
            .filter { !$0.contains("/") }
            .sorted()
    }

    package func routes(_ gate: AdminGate) -> [AdminRoute] {
        var routes = [AdminRoute("/a/\(tree)/**") { [self] request, _ in file(request) }]
        for path in ["/"] + pages.flatMap({ ["/\($0)", "/\($0)/**"] }) {
            routes.append(AdminRoute(path) { [self] request, _ in page(request) })
        }
        return routes
    }

    private func page(_ request: Request) -> Response {
        answer(request, Self.documentPath, document, "text/html; charset=utf-8")
    }

    private func file(_ request: Request) -> Response {
        let path = String(request.uri.path.dropFirst("/a/\(tree)/".count))
        guard let file = files[path], path != Self.documentPath else {
            return .refusal(.notFound, "not_found", "There is nothing at this path.")
        }
        var response = answer(request, path, file.body, file.contentType, isCompressible: file.isCompressible)
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
    }

    private func answer(
        _ request: Request,
        _ path: String,
        _ body: ByteBuffer,
        _ contentType: String,
        isCompressible: Bool = true
    ) -> Response {
        guard isCompressible else { return Response(contentType, body) }
        let takesGzip = request.headers[.acceptEncoding]?.contains("gzip") == true
        let small = takesGzip ? zipped(path, body) : nil
        var response = Response(contentType, small ?? body)
        if small != nil { response.headers[.contentEncoding] = "gzip" }
        response.headers[.vary] = "Accept-Encoding"
        return response
    }

    private func zipped(_ path: String, _ body: ByteBuffer) -> ByteBuffer? {
        if let known = zipped.withLock({ $0[path] }) { return known }
        let new = ConsoleFile.zipped(body)
        if let new { zipped.withLock { $0[path] = new } }
        return new
    }
}
