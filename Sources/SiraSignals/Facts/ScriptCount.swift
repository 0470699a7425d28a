/// How much of a text is written in which script.
struct ScriptCount {
    /// Bytes of ASCII.
    var ascii = 0
    /// Letters of ASCII.
    var letters = 0
    /// Characters of two bytes: Latin with accents, Greek, Cyrillic, Hebrew, Arabic.
    var twoByte = 0
    /// Those of them that are Latin letters with accents.
    var accented = 0
    var han = 0
    var kana = 0
    var hangul = 0
    /// Other characters of three bytes: the scripts of India, Thai, punctuation.
    var threeByte = 0
    /// Characters of four bytes: mostly emoji.
    var fourByte = 0
    var bytes = 0

    /// Counts a text in UTF-8; a character that is cut at an end counts as what its bytes say.
    init(_ text: some Collection<UInt8>) {
        bytes = text.count
        if text.withContiguousStorageIfAvailable({ count($0) }) == nil {
            Array(text).withUnsafeBufferPointer { count($0) }
        }
    }

    private mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
        var at = 0
        while at < text.count {
            let lead = text[at]
            switch lead {
            case ..<0x80:
                ascii += 1
                if (lead | 0x20) &- 0x61 < 26 { letters += 1 }
                at += 1
            case 0xC0..<0xE0:
                twoByte += 1
                if lead >= 0xC3 && lead <= 0xC9 { accented += 1 }
                at += 2
            case 0xE0..<0xF0:
                countThreeBytes(lead, at + 1 < text.count ? text[at + 1] : 0x80)
                at += 3
            case 0xF0...:
                fourByte += 1
                at += 4
            default: at += 1
            }
        }
    }

    /// Tells the scripts of East Asia apart by the first two bytes of their characters (Unicode 16, blocks).
    private mutating func countThreeBytes(_ lead: UInt8, _ second: UInt8) {
        switch (lead, second) {
        case (0xE3, 0x81...0x83): kana += 1  // U+3040 to U+30FF
        case (0xE3, 0x90...), (0xE4...0xE9, _), (0xEF, 0xA4...0xAB): han += 1  // U+3400 to U+9FFF, U+F900 to U+FAFF
        case (0xEA, 0xB0...), (0xEB...0xEC, _), (0xED, ...0x9E): hangul += 1  // U+AC00 to U+D7AF
        default: threeByte += 1
        }
    }
}
