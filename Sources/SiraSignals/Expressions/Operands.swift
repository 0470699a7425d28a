import SiraCore
import SiraWire

/// A number in a comparison.
enum NumberOperand: Hashable, Sendable {
    case fact(NumberFact)
    /// The hour of the day, 0 to 23, so many minutes east of Greenwich.
    case hour(offset: Int)
    case literal(NumberLiteral)

    func value(_ facts: RequestFacts) -> Double? {
        switch self {
        case .fact(let fact): fact.value(facts)
        case .hour(let offset): Double(facts.time.moved(minutes: offset) / 3_600 % 24)
        case .literal(let literal): literal.value
        }
    }

    var needsCall: Bool { if case .fact = self { true } else { false } }
}

extension NumberOperand: CustomStringConvertible {
    var description: String {
        switch self {
        case .fact(let fact): fact.rawValue
        case .hour(let offset): "hour\(TimeOffset.text(offset))"
        case .literal(let literal): literal.text
        }
    }
}

/// A text in a comparison.
enum TextOperand: Hashable, Sendable {
    case fact(TextFact)
    /// `mon` to `sun`, so many minutes east of Greenwich.
    case weekday(offset: Int)
    case header(String)
    case literal(String)

    static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// The text; empty for a header that is not there.
    func value(_ facts: RequestFacts) -> String {
        switch self {
        case .fact(let fact): return fact.value(facts)
        case .weekday(let offset):
            let days = facts.time.moved(minutes: offset) / 86_400
            // The first day of 1970 was a Thursday.
            return Self.weekdays[Int((days + 3) % 7)]
        case .header(let name): return facts.headers[name] ?? ""
        case .literal(let text): return text
        }
    }

    var needsCall: Bool { if case .fact(let fact) = self { fact.needsCall } else { false } }

    /// All texts that it can be, where that is known.
    var vocabulary: [String]? {
        switch self {
        case .fact(.language): RequestFacts.Language.allCases.map(\.rawValue)
        case .fact(.task): RequestFacts.Task.allCases.map(\.rawValue)
        case .fact(.operation): Operation.allCases.map(\.label)
        case .weekday: Self.weekdays
        default: nil
        }
    }
}

extension TextOperand: CustomStringConvertible {
    var description: String {
        switch self {
        case .fact(let fact): fact.rawValue
        case .weekday(let offset): "weekday\(TimeOffset.text(offset))"
        case .header(let name):
            name.utf8.allSatisfy(Self.isPlain) ? "header.\(name)" : "header[\(Self.quoted(name))]"
        case .literal(let text): Self.quoted(text)
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

/// How far clocks are from Greenwich, in minutes.
enum TimeOffset {
    /// Reads `+08:00`, `-05:30` or `Z`; nil for what no clock on earth shows.
    static func minutes(_ text: String) -> Int? {
        if text == "Z" { return 0 }
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":") else { return nil }
        guard bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else { return nil }
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard minutes < 60, hours * 60 + minutes <= 14 * 60 else { return nil }
        return (hours * 60 + minutes) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    /// How it is written after a name; nothing for UTC.
    static func text(_ minutes: Int) -> String {
        guard minutes != 0 else { return "" }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "('\(minutes < 0 ? "-" : "+")\(two(hours)):\(two(rest))')"
    }
}

extension Timestamp {
    /// Seconds since 1970 by a clock that is ahead by so many minutes; no time before 1970 is meant.
    fileprivate func moved(minutes: Int) -> Int64 { max(0, seconds + Int64(minutes) * 60) }
}
