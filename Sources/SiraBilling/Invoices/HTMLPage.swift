/// Writes HTML; texts and attributes are always escaped.
struct HTMLPage {
    private(set) var text = ""

    /// Adds what is HTML already; never anything that came from outside.
    mutating func raw(_ html: String) { text += html }

    mutating func open(_ name: StaticString, _ attributes: [String: String] = [:]) {
        text += "<\(name)"
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { text += " \(key)=\"\(Self.escaped(value))\"" }
        text += ">"
    }

    mutating func close(_ name: StaticString) { text += "</\(name)>\n" }

    mutating func element(_ name: StaticString, _ content: String, _ attributes: [String: String] = [:]) {
        open(name, attributes)
        text += Self.escaped(content)
        close(name)
    }

    /// A table's row of a title and a text.
    mutating func row(_ facts: [(title: String, text: String)]) {
        open("tr")
        for fact in facts {
            element("th", fact.title)
            element("td", fact.text)
        }
        close("tr")
    }

    /// A table's head: texts, then numbers.
    mutating func head(_ texts: [String], _ numbers: [String]) {
        open("thead")
        open("tr")
        for text in texts { element("th", text) }
        for number in numbers { element("th", number, ["class": "n"]) }
        close("tr")
        close("thead")
    }

    /// A table's row: texts, then numbers.
    mutating func cells(_ texts: [String], _ numbers: [String], class name: String? = nil) {
        open("tr", name.map { ["class": $0] } ?? [:])
        for text in texts { element("td", text) }
        for number in numbers { element("td", number, ["class": "n"]) }
        close("tr")
    }

    /// The text with what HTML gives a meaning replaced, for contents and quoted attributes.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
