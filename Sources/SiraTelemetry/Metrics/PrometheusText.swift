/// Writes the Prometheus text exposition format, version 0.0.4.
struct PrometheusText {
    /// The value of the `Content-Type` header that goes with it.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Begins a metric family; its samples follow at once.
    mutating func family(_ name: String, _ kind: MetricKind, _ help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// One sample.
    ///
    /// `value` is a number as the format writes it.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quote: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(value)\n"
    }

    /// Backslash and line feed are escaped everywhere, the double quote in label values only.
    static func escaped(_ text: String, quote: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quote: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// `count` units of `1 / unitsPerSecond` second as exact decimal seconds, without zeros at the end.
    static func seconds(_ count: Int64, unitsPerSecond: Int64) -> String {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: unitsPerSecond)
        guard rest != 0 else { return String(whole) }
        var digits = String(String(unitsPerSecond + rest).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}

/// What the numbers of a metric family mean to whoever scrapes them.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}
