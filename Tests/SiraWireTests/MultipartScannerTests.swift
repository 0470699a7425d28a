import SiraCore
import SiraTesting
import SiraWire
import Testing

@Suite struct MultipartScannerTests {
    private static let type = "multipart/form-data; boundary=x-Y"

    /// What a scanner finds in a form that comes in pieces of these sizes, over and over.
    private static func events(
        in form: [UInt8],
        pieces: [Int] = [.max],
        type: String = Self.type
    ) throws -> [MultipartScanner.Event] {
        var scanner = try MultipartScanner(contentType: type)
        var events: [MultipartScanner.Event] = []
        var (at, turn) = (0, 0)
        while at < form.count {
            let end = at + min(pieces[turn % pieces.count], form.count - at)
            try form[at..<end].withUnsafeBytes { bytes in
                try scanner.scan(bytes) { event in events.append(event) }
            }
            (at, turn) = (end, turn + 1)
        }
        return events
    }

    private static func text(_ parts: String...) -> [UInt8] { Array(parts.joined(separator: "\r\n").utf8) }

    @Test func `parts are found with their names and places`() throws {
        let form = Self.text(
            "--x-Y",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a;b.wav\"",
            "Content-Type: audio/wav",
            "",
            "RI\r\n--x-\rFF\n-- x--x-Y",
            "--x-Y",
            "content-disposition:form-data;name=model",
            "",
            "small",
            "--x-Y--",
            ""
        )
        let text = String(decoding: form, as: UTF8.self)
        let file = try #require(text.utf8.firstRange(of: Array("RI\r\n".utf8))?.lowerBound)
        let model = try #require(text.utf8.firstRange(of: Array("small".utf8))?.lowerBound)
        let (fileAt, modelAt) = (
            text.utf8.distance(from: text.startIndex, to: file), text.utf8.distance(from: text.startIndex, to: model)
        )
        #expect(
            try Self.events(in: form) == [
                .part(name: "file", isFile: true, at: fileAt), .partEnd(at: fileAt + 21),
                .part(name: "model", isFile: false, at: modelAt), .partEnd(at: modelAt + 5), .end,
            ]
        )
    }

    @Test(arguments: 0..<150)
    func `a form that was written is read as it was, wherever it is cut`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let boundary = String(
            (0..<Int.random(in: 1...70, using: &random)).map { _ in
                "abXY09'()+_,-./:=?".randomElement(using: &random) ?? "a"
            }
        )
        var form = Array((Bool.random(using: &random) ? "\r\n" : "").utf8)
        var expected: [MultipartScanner.Event] = []
        for index in 0..<Int.random(in: 0...5, using: &random) {
            let isFile = Bool.random(using: &random)
            form += Array("--\(boundary)\r\nX-Y: z\r\nContent-Disposition: form-data; name=\"f\(index)\"".utf8)
            form += Array((isFile ? "; filename=\"\"\r\n\r\n" : "\r\n\r\n").utf8)
            expected.append(.part(name: "f\(index)", isFile: isFile, at: form.count))
            // Bytes of which delimiters are made, but no delimiter.
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let pieces = [
                    [0x0D], [0x0A], [0x2D], Array("\r\n--".utf8), Array("\n--\(boundary.dropLast())\u{1}".utf8),
                    Array("\r\n--\(boundary.dropLast())\u{1}".utf8),
                    [0xFF],
                ]
                form += pieces.randomElement(using: &random) ?? []
            }
            form.append(0x21)
            expected.append(.partEnd(at: form.count))
            form += Array("\r\n".utf8)
        }
        form += Array("--\(boundary)--\r\n".utf8)
        expected.append(.end)
        let pieces = (0..<8).map { _ in Int.random(in: 1...30, using: &random) }
        let type = "multipart/form-data; charset=utf-8; boundary=\"\(boundary)\""
        #expect(try Self.events(in: form, pieces: pieces, type: type) == expected)
        #expect(try Self.events(in: form, pieces: [1], type: type) == expected)
    }

    @Test(arguments: 0..<400)
    func `garbage is refused or found to be nothing, and never out of its bounds`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let words = [
            "--x-Y", "\r\n", "\r", "\n", "--", "Content-Disposition:", " form-data;", "name=", "\"", ";", "model", "\\",
            "\0", "é",
        ]
        var form = Array((Bool.random(using: &random) ? "--x-Y\r\n" : "").utf8)
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            form += Array((words.randomElement(using: &random) ?? "").utf8)
        }
        let pieces = [Int.random(in: 1...9, using: &random)]
        do {
            let events = try Self.events(in: form, pieces: pieces)
            #expect(events == (try Self.events(in: form)))
            for event in events {
                if case .partEnd(let place) = event { #expect((0...form.count).contains(place)) }
            }
        } catch let error as GatewayError {
            #expect(error.code == .malformedRequest)
        }
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
        "multipart/form-data; boundary=\"é\"", "multipart/form-data; boundary*0=a; boundary=x",
        "multipart/form-data; boundary=a, boundary=b", "multipart/form-data; boundary=\"a\"b",
        "multipart/form-data; boundary=\"a\\b\"", "multipart/form-data; boundary=\"a",
    ])
    func `a boundary that is none is refused`(type: String) {
        let error = #expect(throws: GatewayError.self) { try MultipartScanner(contentType: type) }
        #expect(error?.code == .unsupportedMediaType)
    }

    @Test(arguments: [
        "form-data", "form-data; name=a; name=model", "form-data; name*=utf-8''model", "form-data; filename=model",
        "form-data; name=a\r\nContent-Disposition: form-data; name=model", "form-data; name=a\r\n folded",
        "form-data; name=a\nContent-Disposition: form-data; name=model", "form-data; name*0=mod; name*1=el",
        "form-data; name*0*=utf-8''model", "form-data; filename*0=a; name=model", "attachment; name=model",
        "form-data; name=\"mo\\del\"", "form-data; name=\"model\"x", "form-data; name=\"model",
        "form-data; name='model'",
        "form-data; name=mo%64el", "form-data; name=mo\"del\"", "form-data; model; name=a",
        "form-data; filename=\"a\\\"; name=\"model\"", "form-data; filename=\"a\\\\\"; name=\"model\"",
        "form-data; name=a\r\nContent-Disposition : form-data; name=model", "form-data; name=a\r\nno field",
        "form-data; name=model\r\nContent-Transfer-Encoding: quoted-printable",
        "form-data; name=model\r\nContent-Type: text/plain; charset=utf-7", "form-data; name=a\0; name=model",
    ])
    func `a part whose name readers could differ over is refused`(disposition: String) {
        let form = Self.text("--x-Y", "Content-Disposition: \(disposition)", "", "v", "--x-Y--")
        let error = #expect(throws: GatewayError.self) { try Self.events(in: form) }
        #expect(error?.code == .malformedRequest)
    }

    @Test func `the header of a part has a bound`() {
        let form = Self.text("--x-Y", "X: " + String(repeating: "y", count: 8_200))
        #expect(throws: GatewayError.self) { try Self.events(in: form) }
    }

    @Test func `a delimiter that goes on as a word is refused`() {
        for line in ["--x-Yz", "--x-Y-z", "--x-Y -", "--x-Y \t"] {
            #expect(throws: GatewayError.self) { try Self.events(in: Self.text(line, "", "")) }
        }
    }

    @Test(arguments: [
        "preamble\r\n--x-Y\r\n", "preamble\n--x-Y\n", " --x-Y\r\n", "--x-Y\n", "-\r\n--x-Y\r\n",
        "--x-Y\r\nContent-Disposition: form-data; name=a\r\n\r\nb\n--x-Y\r\n",
        "--x-Y\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r--x-Y\r\n",
        "--x-Y\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n\n--x-Y\r\n",
        "--x-Y\r\nContent-Disposition: form-data; name=a\r\n\r\n--x-Y\r\n",
        "--x-Y--\r\n--x-Y\r\n", "--x-Y--epilogue", "--x-Y--\r\n ",
    ])
    func `a form that readers could cut in different places is refused`(form: String) {
        for size in [1, 2, 3, 1_000] {
            let error = #expect(throws: GatewayError.self) { try Self.events(in: Array(form.utf8), pieces: [size]) }
            #expect(error?.code == .malformedRequest)
        }
    }

    /// What a reader makes of a form that breaks it at each boundary wherever it stands, as the loosest do.
    private static func looseNames(_ form: [UInt8]) -> [String] {
        String(decoding: form, as: UTF8.self).split(separator: "--x-Y").compactMap { part in
            part.split(separator: /\r?\n\r?\n/, maxSplits: 1).first?.firstMatch(of: /(?i)\bname\s*=\s*"?([^"\r\n;]*)/)
                .map { String($0.1) }
        }
    }

    @Test(arguments: 0..<600)
    func `whatever is made of a form, a loose reader finds no other names in what is taken`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "--x-Y\r\n", "\r\n--x-Y\r\n", "\n--x-Y\n", "\r--x-Y\r\n", "\r\n--x-Y--", "\r\n", "a", "\r\n--x-Y \r\n",
            "Content-Disposition: form-data; name=\"model\"\r\n\r\n", "Content-Disposition: form-data; name=a\r\n\r\n",
            "Content-Disposition: form-data; name=b; filename=\"c\"\r\nContent-Type: a/b\r\n\r\n",
        ]
        // What a part begins with is right more often than not, so that many forms are.
        var form = Array("--x-Y\r\n".utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            form += Array((pieces.suffix(3).randomElement(using: &random) ?? "").utf8)
            form += Array((pieces.randomElement(using: &random) ?? "").utf8)
            form += Array("\r\n--x-Y\r\n".utf8)
        }
        form += Array("Content-Disposition: form-data; name=z\r\n\r\n\r\n--x-Y--\r\n".utf8)
        let events = try? Self.events(in: form, pieces: [Int.random(in: 1...9, using: &random)])
        #expect((events == nil) == ((try? Self.events(in: form)) == nil))
        guard let events else { return }
        let names = events.compactMap { if case .part(let name, _, _) = $0 { name } else { nil } }
        #expect(names == Self.looseNames(form))
    }

    @Test func `a field put in front is read as the first`() throws {
        let scanner = try MultipartScanner(contentType: Self.type)
        let form =
            scanner.field("model", "small")
            + Self.text("--x-Y", "Content-Disposition: form-data; name=a", "", "", "--x-Y--")
        let events = try Self.events(in: form)
        #expect(events.count == 5 && events.last == .end)
        guard case .part("model", false, let start)? = events.first, case .partEnd(let end)? = events.dropFirst().first
        else {
            Issue.record("the first part is not the model")
            return
        }
        #expect(String(decoding: form[start..<end], as: UTF8.self) == "small")
    }

    @Test func `parameters are read with and without quotes`() {
        let parameters = HeaderParameters("form-data; Name = model ;x=\"a\\\"b;c\" ; y; z=\"open")
        #expect(parameters["name"] == "model" && parameters["x"] == "a\"b;c" && parameters["z"] == "open")
        #expect(parameters["y"] == nil && HeaderParameters("form-data")["name"] == nil)
    }
}
