/// Rows under a heading, in columns as wide as their widest text.
struct TextTable {
    struct Column {
        let title: String
        /// Whether texts stand at the right, as numbers do.
        let isNumeric: Bool
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// - Parameter titles: one for each column; a `#` before a title makes its column numeric.
    init(_ titles: String...) { self.init(titles: titles) }

    init(titles: [String]) {
        columns = titles.map { title in
            title.hasPrefix("#")
                ? Column(title: String(title.dropFirst()), isNumeric: true) : Column(title: title, isNumeric: false)
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with a text for each column.
    ///
    /// Some texts were chosen by clients; what a terminal would obey is shown as an escape instead.
    mutating func add(_ cells: String...) { add(cells: cells) }

    mutating func add(cells: [String]) {
        rows.append(cells.map(\.visible))
    }

    /// The lines, without spaces at their ends.
    var text: String {
        let lines = [columns.map { $0.title.uppercased() }] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            var line = ""
            for (index, column) in columns.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - cells[index].count)
                if index > 0 { line += "  " }
                line += column.isNumeric ? padding + cells[index] : cells[index] + padding
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}

extension String {
    /// With everything that does not stand for itself (control characters, changes of direction, line ends) as
    /// `\u{1B}`.
    var visible: String {
        guard unicodeScalars.contains(where: \.isInvisible) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isInvisible {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
