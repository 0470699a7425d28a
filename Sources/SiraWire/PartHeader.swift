/// What the header of a form's part says of it (RFC 7578, section 4).
struct PartHeader {
    let name: String
    let isFile: Bool

    /// - Parameter header: with the blank line at its end.
    /// - Returns: nil where it gives no name, or where readers could differ over what it says.
    init?(_ header: [UInt8]) {
        // Of bytes that are no text nothing is made but names of files.
        guard header.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0D, 0x0A].contains($0) }) else { return nil }
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\r\n")
        var disposition: Substring?
        var charset: String?
        var fields: Set<String> = []
        for line in lines {
            // A line break of another kind, or a line that goes on, means something to some.
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), !line.utf8.contains(0x0A),
                !line.utf8.contains(0x0D), HeaderParameters.isToken(line[..<colon])
            else { return nil }
            let (name, value) = (line[..<colon].lowercased(), line[line.utf8.index(after: colon)...])
            guard fields.insert(name).inserted else { return nil }
            switch name {
            case "content-disposition": disposition = value
            case "content-type": charset = HeaderParameters(String(value))["charset"]?.lowercased()
            // Some readers decode what is encoded, and others do not.
            case "content-transfer-encoding":
                guard ["7bit", "8bit", "binary"].contains(Self.trimmed(value)) else { return nil }
            default: break
            }
        }
        guard let disposition else { return nil }
        let parameters = HeaderParameters(String(disposition))
        guard Self.trimmed(disposition.prefix { $0 != ";" }) == "form-data", !parameters.isUnclear,
            !parameters.isUnclear("name"),
            Set(parameters.names).count == parameters.names.count,
            // What is written in other letters, or in pieces, not all put together (RFC 2231).
            parameters.names.allSatisfy({ !$0.contains("*") || $0 == "filename*" }),
            let name = parameters["name"], Self.isPlain(name)
        else { return nil }
        self.name = name
        isFile = parameters["filename"] != nil || parameters["filename*"] != nil
        guard isFile || charset == nil || Self.charsets.contains(charset ?? "") else { return nil }
    }

    /// Those in which ASCII is written as it is.
    private static let charsets: Set<String> = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"]

    /// Whether no reader takes the name for another: none of it is an escape or a quote to anyone.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "'") }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed()).lowercased()
    }
}
