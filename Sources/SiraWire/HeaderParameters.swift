/// The parameters of a header field's value: `form-data; name="model"` (RFC 9110, section 5.6.6).
package struct HeaderParameters: Sendable {
    private struct Parameter {
        var name: String
        var value: String
        /// Whether other readers may take it for something else.
        var isUnclear = false
        var isEscaped = false
    }

    private var parameters: [Parameter] = []

    /// Reads what follows the first semicolon; what is no parameter is passed over.
    package init(_ field: String) {
        let bytes = Array(field.utf8)
        guard var at = bytes.firstIndex(of: UInt8(ascii: ";")) else { return }
        while at < bytes.count {
            at += 1
            let nameEnd = bytes[at...].firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ";") } ?? bytes.count
            var parameter = Parameter(name: Self.trimmed(bytes[at..<nameEnd]).lowercased(), value: "")
            parameter.isUnclear = !Self.isToken(parameter.name[...])
            at = nameEnd
            guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
                hasRest = hasRest || !parameter.name.isEmpty
                continue
            }
            at += 1
            while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
            let isQuoted = at < bytes.count && bytes[at] == UInt8(ascii: "\"")
            at =
                isQuoted ? Self.readQuoted(bytes, from: at + 1, &parameter) : Self.readBare(bytes, from: at, &parameter)
            parameters.append(parameter)
        }
    }

    /// Whether there is something that is no parameter.
    private var hasRest = false

    /// The names in the order of the text, in lower case.
    package var names: [String] { parameters.map(\.name) }

    /// Whether other readers may take any of it for something else.
    package var isUnclear: Bool { hasRest || parameters.contains(where: \.isUnclear) }

    /// The same of the parameters of one name, where escapes are not read by all either.
    package func isUnclear(_ name: String) -> Bool {
        parameters.contains { $0.name == name && ($0.isUnclear || $0.isEscaped) }
    }

    /// The value of the first parameter of this name, which must be in lower case.
    package subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The same where there is one alone.
    package func only(_ name: String) -> String? {
        let all = parameters.filter { $0.name == name }
        return all.count == 1 ? all[0].value : nil
    }

    /// - Returns: where the next parameter's semicolon stands.
    private static func readQuoted(_ bytes: [UInt8], from start: Int, _ parameter: inout Parameter) -> Int {
        var at = start
        var value: [UInt8] = []
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count {
                at += 1
                parameter.isEscaped = true
                // To some a backslash means nothing, and then the text ends with this quote or the next.
                if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "\\") { parameter.isUnclear = true }
            }
            value.append(bytes[at])
            at += 1
        }
        parameter.value = String(decoding: value, as: UTF8.self)
        if at >= bytes.count { parameter.isUnclear = true }
        let end = bytes[min(at + 1, bytes.count)...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        if at < bytes.count, !bytes[(at + 1)..<end].allSatisfy(isSpace) { parameter.isUnclear = true }
        return end
    }

    /// - Returns: where the next parameter's semicolon stands.
    private static func readBare(_ bytes: [UInt8], from start: Int, _ parameter: inout Parameter) -> Int {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        parameter.value = trimmed(bytes[start..<end])
        // Stricter than it need be only where quotes and lists could be meant.
        let isStrange = parameter.value.utf8.contains { byte in
            switch byte {
            case 0x09, 0x20, UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\\"): true
            case UInt8(ascii: "'"): parameter.name == "name"
            default: false
            }
        }
        if isStrange { parameter.isUnclear = true }
        return end
    }

    /// Whether the text is a token (RFC 9110, section 5.6.2).
    static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        let front = bytes.drop(while: isSpace)
        let back = front.reversed().prefix(while: isSpace).count
        return String(decoding: front.dropLast(back), as: UTF8.self)
    }
}
