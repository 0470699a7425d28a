/// What a character is to the rules by which a text is cut into pieces.
struct CharacterKind: OptionSet {
    let rawValue: UInt8

    /// Letters: `\p{L}`.
    static let letter = CharacterKind(rawValue: 1)
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: what the beginning of a word consists of.
    static let leading = CharacterKind(rawValue: 2)
    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: what the rest of a word consists of.
    static let following = CharacterKind(rawValue: 4)
    /// Numbers: `\p{N}`.
    static let number = CharacterKind(rawValue: 8)
    /// White space: `\s`.
    static let space = CharacterKind(rawValue: 16)
    /// Ends of lines: `[\r\n]`.
    static let newline = CharacterKind(rawValue: 32)

    /// `\p{M}` marks are in words, and yet no letters.
    var isMark: Bool { contains([.leading, .following]) && !contains(.letter) }
    /// Whether it is `[^\s\p{L}\p{N}]`.
    var isSymbol: Bool { isDisjoint(with: [.letter, .number, .space]) }
    /// `[^\r\n\p{L}\p{N}]`: one of these may stand before a word and belongs to it.
    var mayOpenWord: Bool { isDisjoint(with: [.letter, .number, .newline]) }

    /// The kind of a character of one byte.
    @inline(__always)
    init(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): self = [.letter, .following]
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = [.letter, .leading]
        case UInt8(ascii: " "), 0x09, 0x0B, 0x0C: self = .space
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case 0x0A, 0x0D: self = [.space, .newline]
        default: self = []
        }
    }

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0xAC00...0xD7A3: self = [.letter, .leading, .following]  // Han and Hangul
        default:
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .titlecaseLetter: self = [.letter, .leading]
            case .lowercaseLetter: self = [.letter, .following]
            case .modifierLetter, .otherLetter: self = [.letter, .leading, .following]
            case .nonspacingMark, .spacingMark, .enclosingMark: self = [.leading, .following]
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = scalar.properties.isWhitespace ? .space : []
            }
        }
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}
