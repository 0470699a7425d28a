import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
package import SiraAdmin
import Synchronization

/// Serves the web console's files.
///
/// All but the document lie under a path that holds the digest of them all, so browsers keep them for as long as the
/// binary is the same and never mix two. The document of every page is the same but for the scripts that it has the
/// browser load at once: which page is shown, they see in the address. None holds any data.
package final class ConsoleFiles: AdminSurface {
    private let files: [String: ConsoleFile]
    private let markup: String
    private let tree: String
    /// The documents of pages, made when first asked for.
    private let documents = Mutex<[String: ByteBuffer]>([:])
    /// Compressed when first asked for.
    private let zipped = Mutex<[String: ByteBuffer]>([:])

    private static let documentPath = "index.html"
    /// Where the document names the digest.
    private static let treeMark = "{tree}"
    /// Where the document names the scripts to be loaded at once.
    private static let preloadsMark = "{preloads}"
    private static let homePage = "overview"
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
        markup = files[Self.documentPath].map { String(buffer: $0.body) } ?? ""
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
        for (path, name) in [("/", Self.homePage)] + pages.flatMap({ [("/\($0)", $0), ("/\($0)/**", $0)] }) {
            routes.append(AdminRoute(path) { [self] request, _ in page(name, request) })
        }
        return routes
    }

    private func page(_ name: String, _ request: Request) -> Response {
        answer(request, "\(Self.documentPath)#\(name)", document(of: name), "text/html; charset=utf-8")
    }

    private func document(of page: String) -> ByteBuffer {
        if let known = documents.withLock({ $0[page] }) { return known }
        // What the page's loader imports by name (see assets/lib/route.js) besides its script.
        let words = ["en", "zh"].map { "assets/i18n/\($0)/\(page).js" }
        let scripts = ModuleGraph(files).reachable(from: ["assets/app.js", "\(Self.pageFolder)\(page).js"] + words)
        let links =
            scripts.map { "<link rel=\"modulepreload\" href=\"/a/\(tree)/\($0)\">" }
            + sheets(of: page).map { "<link rel=\"stylesheet\" href=\"/a/\(tree)/\($0)\">" }
        let document = ByteBuffer(
            string: markup.replacing(Self.treeMark, with: tree)
                .replacing(Self.preloadsMark, with: links.joined(separator: "\n  "))
        )
        documents.withLock { $0[page] = document }
        return document
    }

    /// The style sheets that a page's script says it has: `true` for its own, or the names of several.
    private func sheets(of page: String) -> [String] {
        let lines = files["\(Self.pageFolder)\(page).js"].map { String(buffer: $0.body) }?.split(separator: "\n") ?? []
        guard let said = lines.first(where: { $0.hasPrefix("export const styles = ") }) else { return [] }
        let named = said.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return (named.isEmpty ? [page] : named).map { "\(Self.pageFolder)\($0).css" }.filter { files[$0] != nil }
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
