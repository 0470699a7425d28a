import SiraCore

/// Which columns of a table hold what, by their names in its first row; capital letters do not matter.
package struct UsageColumns: Hashable, Sendable {
    /// `YYYY-MM-DD`, a time in UTC that begins so, or seconds since 1970.
    package var day: String
    package var model: String?
    package var key: String?
    package var requests: String?
    package var input: String?
    package var cacheRead: String?
    package var cacheWrite: String?
    package var output: String?
    package var cost: String?
    /// Whether the column of input counts cached tokens as well.
    package var inputIncludesCached: Bool
    /// Whether the column of cost holds cents rather than dollars.
    package var costIsInCents: Bool
    package var separator: UInt8

    /// The names that most exports have.
    package init() {
        day = "date"
        model = "model"
        key = "api_key_id"
        requests = "requests"
        input = "input_tokens"
        cacheRead = "cached_tokens"
        cacheWrite = "cache_write_tokens"
        output = "output_tokens"
        cost = "cost"
        inputIncludesCached = true
        costIsInCents = false
        separator = UInt8(ascii: ",")
    }

    func read(_ text: [UInt8]) throws(UsageImportError) -> UsageImport {
        var reader = CSVReader(text, separator: separator)
        guard let head = try reader.next() else { throw UsageImportError("the file is empty") }
        let places = try Places(self, head)
        var result = UsageImport()
        while let row = try reader.next() {
            guard row.fields.count == head.fields.count else {
                let reason = "the row has \(row.fields.count) fields, and the first one \(head.fields.count)"
                throw UsageImportError(reason, line: row.line)
            }
            guard result.lines.count < UsageImportLimits.lines else {
                throw UsageImportError("there are more than \(UsageImportLimits.lines) rows; give it in parts")
            }
            let line = try self.line(of: TableRow(row: row), places)
            result.days.insert(line.day)
            result.lines.append(line)
        }
        return result
    }

    private func line(of row: TableRow, _ places: Places) throws(UsageImportError) -> ProviderUsageLine {
        var line = ProviderUsageLine(day: try row.day(places.day))
        line.model = row.text(places.model)
        line.key = row.text(places.key)
        line.requests = try row.count(places.requests).map { Int64($0) }
        if places.input != nil || places.output != nil {
            var usage = Usage()
            usage.cacheRead = try row.count(places.cacheRead) ?? 0
            usage.cacheWrite = try row.count(places.cacheWrite) ?? 0
            usage.input = try row.count(places.input) ?? 0
            if !inputIncludesCached { usage.input += usage.cacheRead + usage.cacheWrite }
            usage.output = try row.count(places.output) ?? 0
            line.usage = usage
        }
        line.cost = try row.money(places.cost, inCents: costIsInCents)
        return line
    }

    /// Where the columns stand in this table.
    private struct Places {
        var day: Int
        var model, key, requests, input, cacheRead, cacheWrite, output, cost: Int?

        init(_ columns: UsageColumns, _ head: CSVReader.Row) throws(UsageImportError) {
            let names = head.fields.map { Self.folded($0.text) }
            func place(_ name: String?) -> Int? { name.flatMap { names.firstIndex(of: Self.folded($0)) } }
            for (index, name) in names.enumerated() where names[..<index].contains(name) && !name.isEmpty {
                let column = head.fields[index].column
                throw UsageImportError("the column \"\(name)\" is there twice", line: head.line, column: column)
            }
            guard let day = place(columns.day) else {
                let found = names.prefix(20).joined(separator: ", ")
                throw UsageImportError("there is no column \"\(columns.day)\"; there are \(found)", line: head.line)
            }
            self.day = day
            (model, key, requests) = (place(columns.model), place(columns.key), place(columns.requests))
            (input, output, cost) = (place(columns.input), place(columns.output), place(columns.cost))
            (cacheRead, cacheWrite) = (place(columns.cacheRead), place(columns.cacheWrite))
            guard requests != nil || input != nil || output != nil || cost != nil else {
                throw UsageImportError("there is no column of requests, tokens or costs", line: head.line)
            }
        }

        private static func folded(_ name: String) -> String {
            String(name.lowercased().drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}

/// A row, read field by field.
private struct TableRow {
    let row: CSVReader.Row

    func text(_ place: Int?) -> String? {
        guard let place, !row.fields[place].text.isEmpty else { return nil }
        return row.fields[place].text
    }

    func day(_ place: Int) throws(UsageImportError) -> CalendarDay {
        let text = row.fields[place].text
        if let day = CalendarDay(text) ?? AnthropicUsage.day(of: text) { return day }
        // "2026-11-21 00:00:00" and such, without a zone.
        if text.count > 10, text.dropFirst(10).first == " ", let day = CalendarDay(text.prefix(10)) { return day }
        if let seconds = Int64(text), (0..<253_402_300_800).contains(seconds) {
            return CalendarDay(daysSinceEpoch: seconds / 86_400)
        }
        throw failure("this is no day; write it as 2026-11-21, in UTC", place)
    }

    func count(_ place: Int?) throws(UsageImportError) -> Int? {
        guard let place, let text = text(place) else { return nil }
        let whole = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
        guard whole.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(whole), count <= Int.max / 64
        else {
            throw failure("this is no count; write digits only", place)
        }
        return count
    }

    func money(_ place: Int?, inCents: Bool) throws(UsageImportError) -> NanoUSD? {
        guard let place, let text = text(place) else { return nil }
        let plain = text.hasPrefix("$") ? String(text.dropFirst()) : text
        let hasExponent = plain.contains { $0 == "e" || $0 == "E" }
        guard !(inCents && hasExponent), let money = NanoUSD(rounding: inCents ? plain + "e-2" : plain) else {
            throw failure("this is no amount; write it as 12.34", place)
        }
        return money
    }

    private func failure(_ reason: String, _ place: Int) -> UsageImportError {
        UsageImportError(
            "\(reason) (\"\(row.fields[place].text.prefix(40))\")",
            line: row.line,
            column: row.fields[place].column
        )
    }
}
