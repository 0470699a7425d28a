import Logging
import SiraCore

/// One line of the log while it is written: the fixed parts, then fields.
struct LogLine {
    private(set) var bytes: [UInt8] = []
    private let format: LogFormat

    /// The names of the fixed parts.
    ///
    /// A field of the same name is written with `field.` before it.
    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    init(_ format: LogFormat, time: Timestamp, level: Logger.Level, logger: String, message: String) {
        self.format = format
        bytes.reserveCapacity(384)
        switch format {
        case .json:
            bytes.append(contentsOf: "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":".utf8)
            LogText.appendQuoted(logger, to: &bytes)
            bytes.append(contentsOf: ",\"message\":".utf8)
            LogText.appendQuoted(message, to: &bytes)
        case .text:
            let padding = String(repeating: " ", count: max(0, 8 - level.rawValue.utf8.count))
            bytes.append(contentsOf: "\(time) \(level.rawValue)\(padding) ".utf8)
            LogText.appendEscaped(logger, to: &bytes)
            bytes.append(contentsOf: ": ".utf8)
            LogText.appendEscaped(message, to: &bytes)
        }
    }

    // Fields whose names are constants, and known to be neither reserved nor in need of quotes in a text line.

    mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func field(_ name: StaticString, _ value: some BinaryInteger) {
        key(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// A field with whatever name and value somebody has put into a logger's metadata.
    mutating func field(dynamic name: String, _ value: Logger.Metadata.Value) {
        key(dynamic: name)
        append(value)
    }

    /// The finished line with its line feed.
    consuming func finished() -> [UInt8] {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func key(_ name: StaticString) {
        let text = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        switch format {
        case .json:
            bytes.append(UInt8(ascii: ","))
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        case .text:
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "="))
        }
    }

    private mutating func key(dynamic name: String) {
        let name = Self.reserved.contains(name) ? "field.\(name)" : name
        switch format {
        case .json:
            bytes.append(UInt8(ascii: ","))
            LogText.appendQuoted(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        case .text:
            bytes.append(UInt8(ascii: " "))
            LogText.appendWord(name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
        }
    }

    private mutating func string(_ text: String) {
        switch format {
        case .json: LogText.appendQuoted(text, to: &bytes)
        case .text: LogText.appendWord(text, to: &bytes)
        }
    }

    /// Lists and dictionaries are JSON in both formats.
    private mutating func append(_ value: Logger.Metadata.Value, nested: Bool = false) {
        switch value {
        case .string(let text): nested ? LogText.appendQuoted(text, to: &bytes) : string(text)
        case .stringConvertible(let value):
            switch value {
            case let number as any BinaryInteger: bytes.append(contentsOf: String(describing: number).utf8)
            case let flag as Bool: bytes.append(contentsOf: (flag ? "true" : "false").utf8)
            case let number as Double where number.isFinite: bytes.append(contentsOf: number.description.utf8)
            default: nested ? LogText.appendQuoted(value.description, to: &bytes) : string(value.description)
            }
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, nested: true)
            }
            bytes.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            bytes.append(UInt8(ascii: "{"))
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                LogText.appendQuoted(pair.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(pair.value, nested: true)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
