import SiraCore
import SiraJSON

/// The forms in which providers tell what was used and what it costs.
package enum UsageExport: Hashable, Sendable {
    /// Pages of `/v1/organization/usage/…` and `/v1/organization/costs`.
    ///
    /// https://platform.openai.com/docs/api-reference/usage
    case openAI
    /// Pages of `/v1/organizations/usage_report/messages` and `/v1/organizations/cost_report`.
    ///
    /// https://platform.claude.com/docs/en/api/admin/usage_report
    case anthropic
    /// A table with a row of names at its top (RFC 4180).
    case csv(UsageColumns)

    /// Reads an export: one page as it is answered, a list of pages, or a table.
    package func read(_ text: [UInt8]) throws(UsageImportError) -> UsageImport {
        guard text.count <= UsageImportLimits.bytes else {
            throw UsageImportError("the file has more than \(UsageImportLimits.bytes >> 20) MiB; give it in parts")
        }
        switch self {
        case .openAI: return try Self.readPages(text, with: OpenAIUsage.self)
        case .anthropic: return try Self.readPages(text, with: AnthropicUsage.self)
        case .csv(let columns): return try columns.read(text)
        }
    }

    private static func readPages(
        _ text: [UInt8],
        with format: any PageFormat.Type
    ) throws(UsageImportError)
        -> UsageImport
    {
        do {
            return try JSONIndexer().read(text, limits: .answer) { root in
                var result = UsageImport()
                let pages = root.kind == .array ? Array(root.elements) : [root]
                for (index, page) in pages.enumerated() {
                    try PageReader(text: text, format: format).read(page, into: &result)
                    if index == pages.count - 1, page["has_more"]?.bool == true {
                        result.notes.append("the export ends with a page that has more after it")
                    }
                }
                return result
            }
        } catch let error as UsageImportError {
            throw error
        } catch let error as JSONError {
            throw UsageImportError(error.reason.rawValue, in: text, at: error.offset)
        } catch {
            throw UsageImportError("the file cannot be read")
        }
    }
}

/// What the pages of one provider look like inside.
protocol PageFormat {
    /// When a bucket begins.
    static func day(of bucket: JSONValue) -> CalendarDay?
    /// The member of a bucket that says when it begins, for errors.
    static var dayField: String { get }
    /// The line of a result.
    static func line(of result: PageResult, on day: CalendarDay) throws(UsageImportError) -> ProviderUsageLine
}

/// Walks through pages, buckets and results.
private struct PageReader {
    let text: [UInt8]
    let format: any PageFormat.Type

    func read(_ page: JSONValue, into result: inout UsageImport) throws(UsageImportError) {
        guard let data = page["data"], data.kind == .array else {
            throw UsageImportError("a page must be an object with a list `data`", in: text, at: page.span.lowerBound)
        }
        for bucket in data.elements {
            guard let day = format.day(of: bucket) else {
                let reason = "a bucket must have `\(format.dayField)`, when it begins"
                throw UsageImportError(reason, in: text, at: bucket.span.lowerBound)
            }
            // OpenAI's schema has named the list both ways.
            guard let results = bucket["results"] ?? bucket["result"], results.kind == .array else {
                throw UsageImportError("a bucket must have a list `results`", in: text, at: bucket.span.lowerBound)
            }
            result.days.insert(day)
            for json in results.elements {
                guard result.lines.count < UsageImportLimits.lines else {
                    throw UsageImportError("there are more than \(UsageImportLimits.lines) results; give it in parts")
                }
                result.lines.append(try format.line(of: PageResult(json: json, text: text), on: day))
            }
        }
    }
}

/// One result of a bucket, with the text that it stands in, for errors.
struct PageResult {
    let json: JSONValue
    let text: [UInt8]

    func failure(_ reason: String, at place: JSONValue? = nil) -> UsageImportError {
        UsageImportError(reason, in: text, at: (place ?? json).span.lowerBound)
    }

    func has(_ key: StaticString) -> Bool { json.present(key) != nil }

    /// A text; nil when it is not there or null.
    func text(_ key: StaticString) throws(UsageImportError) -> String? {
        guard let value = json.present(key) else { return nil }
        guard let text = value.string else { throw failure("`\(key)` must be a text", at: value) }
        return text
    }

    /// A count; 0 when it is not there or null.
    func count(_ key: StaticString, of object: JSONValue? = nil) throws(UsageImportError) -> Int {
        guard let value = (object ?? json).present(key) else { return 0 }
        guard let number = value.integer, number >= 0, let count = Int(exactly: number), count <= Int.max / 64 else {
            throw failure("`\(key)` must be a whole number of 0 or more", at: value)
        }
        return count
    }
}
