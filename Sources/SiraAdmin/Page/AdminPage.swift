/// The admin page: one document, its style, its script and its words, all served from the program itself.
///
/// The files hold no data; the script asks `/api/status` for it and writes it as text, never as markup.
enum AdminPage {
    struct Asset: Sendable {
        let path: String
        let contentType: String
        let text: String
    }

    static let assets = [
        Asset(path: "/assets/admin.css", contentType: "text/css; charset=utf-8", text: style),
        Asset(path: "/assets/admin.js", contentType: "text/javascript; charset=utf-8", text: script),
        Asset(path: "/assets/words.js", contentType: "text/javascript; charset=utf-8", text: words),
        Asset(path: "/assets/icon.svg", contentType: "image/svg+xml", text: icon),
    ]

    /// The document in the language that the browser prefers, until the reader switches.
    static func markup(acceptLanguage: String?) -> String {
        "<!doctype html>\n<html lang=\"\(language(acceptLanguage))\">\n" + document
    }

    /// `zh-CN` when Chinese has a higher weight than English (RFC 9110, section 12.5.4), else `en`.
    static func language(_ header: String?) -> String {
        var best = (tag: "en", weight: 0.0)
        for range in (header ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let tag = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            let language = tag.hasPrefix("zh") ? "zh-CN" : tag.hasPrefix("en") ? "en" : nil
            if let language, weight > best.weight { best = (language, weight) }
        }
        return best.tag
    }
}
