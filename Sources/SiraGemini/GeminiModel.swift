/// What the name of a model tells of its abilities.
///
/// Google adds parameters from generation to generation, and takes some away.
struct GeminiModel {
    /// The first number of the version, such as 2 for `gemini-2.5-flash`; nil where the name has none, as with names
    /// for whatever is the latest.
    let generation: Int?
    /// Whether it is one of the larger models, which always think.
    let isPro: Bool
    /// Whether it is one of the smallest models.
    let isLite: Bool

    init(_ name: String) {
        let words = Self.name(name).split(separator: "-")
        let version = words.first { $0.first?.isASCII == true && $0.first?.isNumber == true }
        let number = version.flatMap { $0.split(separator: ".").first }.flatMap { Int($0) }
        // What bore no number was the first generation; what bears none now follows the newest.
        let isFirst = version == nil && ["gemini-pro", "gemini-pro-vision"].contains(Self.name(name))
        generation = isFirst ? 1 : number.flatMap { (1..<100).contains($0) ? $0 : nil }
        isPro = words.contains("pro")
        isLite = words.contains("lite")
    }

    /// Whether the model is of the third generation or later, or follows the newest.
    var isThirdGeneration: Bool { generation.map { $0 >= 3 } ?? true }

    /// A model's name without the collection that Google's own clients put before it.
    static func name(_ text: String) -> String {
        text.hasPrefix("models/") ? String(text.dropFirst(7)) : text
    }
}
