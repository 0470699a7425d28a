import Yams

extension SettingTree.Problem {
    /// What the YAML parser says, in words that help.
    ///
    /// The parser's own errors quote the file, secrets included.
    init(_ error: any Error, in text: String) {
        guard let error = error as? YamlError else {
            self.init(place: nil, message: "this is not YAML")
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let mark = SettingsOrigin.Place(line: mark.line, column: mark.column)
            let end = Self.end(of: text)
            if let context, let what = Self.unclosed(context.text, problem, isAtEnd: mark > end) {
                let begin = SettingsOrigin.Place(line: context.mark.line, column: context.mark.column)
                self.init(place: begin, message: "the \(what) that begins here is not closed")
                return
            }
            // The parser may be past all that was written, in lines that are empty or were added to it.
            let place = min(mark, end)
            let around = context.map { context in
                " (\(context.text.trimmed) that begins at line \(context.mark.line))"
            }
            self.init(place: place, message: Self.explain(problem, around ?? "", at: place, in: text))
        case .reader(let problem, let offset, _, _):
            let place = offset.map { Self.place(ofOffset: $0, in: text) }
            self.init(place: place, message: "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "\"\($0.shortened)\"" }.joined(separator: ", ")
            let verb = duplicates.count == 1 ? "is" : "are"
            self.init(
                place: SettingsOrigin.Place(line: context.mark.line, column: context.mark.column),
                message: "\(names) \(verb) given more than once in this mapping, here first; keep one"
            )
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            self.init(place: nil, message: "this is not YAML")
        }
    }

    private static func explain(
        _ problem: String,
        _ around: String,
        at place: SettingsOrigin.Place,
        in text: String
    ) -> String {
        let lines = text.split(separator: "\n", maxSplits: place.line, omittingEmptySubsequences: false)
        let line = place.line <= lines.count ? lines[place.line - 1] : ""
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "this line is indented with a tab; YAML allows spaces only"
        }
        if problem.contains("another document") { return "a second document begins here; a file holds one" }
        if problem.contains("mapping values are not allowed") {
            return "a \": \" stands where none may; put the value in quotes, or check the indentation"
        }
        if problem.contains("undefined alias") { return "this alias (*name) has no anchor (&name) before it" }
        if problem.contains("Maximum nesting level") { return "nested too deeply" }
        return "this is not YAML: \(problem)\(around)"
    }

    /// What was begun and goes on to the end of the text; nil when that is not what is wrong.
    private static func unclosed(_ context: String, _ problem: String, isAtEnd: Bool) -> String? {
        if context.contains("quoted") { return problem.contains("end of stream") ? "quote" : nil }
        return isAtEnd && context.contains("flow") ? "bracket" : nil
    }

    /// Where the last line with something on it ends.
    private static func end(of text: String) -> SettingsOrigin.Place {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let last = lines.lastIndex(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return SettingsOrigin.Place(line: 1, column: 1)
        }
        return SettingsOrigin.Place(line: last + 1, column: lines[last].unicodeScalars.count + 1)
    }

    /// Line and column of a number of characters from the start.
    private static func place(ofOffset offset: Int, in text: String) -> SettingsOrigin.Place {
        let head = text.unicodeScalars.prefix(max(0, offset))
        let line = head.count { $0 == "\n" } + 1
        let column =
            head.count - (head.lastIndex(of: "\n").map { head.distance(from: head.startIndex, to: $0) + 1 } ?? 0)
        return SettingsOrigin.Place(line: line, column: column + 1)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
