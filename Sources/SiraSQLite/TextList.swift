import Foundation
import SiraStorage

/// Lists of texts are kept as JSON arrays, which SQLite's own functions can read.
enum TextList {
    static func json(_ texts: [String]) throws -> String {
        guard !texts.isEmpty else { return "[]" }
        return String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    }

    static func texts(_ json: String) throws -> [String] {
        guard json != "[]" else { return [] }
        do {
            return try JSONDecoder().decode([String].self, from: Data(json.utf8))
        } catch {
            throw StoreError.unreadable("a list of texts: \(json)")
        }
    }
}
