import Foundation
import SiraSignals
import SiraWire
import Testing

/// `docs/routing-language.md`, whose examples must be right.
@Suite struct RoutingLanguageDocumentTests {
    private static let text: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try? String(contentsOf: root.appendingPathComponent("docs/routing-language.md"), encoding: .utf8)
        return (page ?? "").components(separatedBy: "\n")
    }()

    /// The lines of all fenced blocks of one kind.
    private static func blocks(_ kind: String) -> [String] {
        var (lines, isInside) = ([String](), false)
        for line in text {
            if line.hasPrefix("```") {
                isInside = line == "```" + kind
            } else if isInside {
                lines.append(line)
            }
        }
        return lines
    }

    /// The code in the last cells of tables whose last column is of examples, below a heading of the second rank.
    private static func cells(below heading: String) -> [String] {
        var (cells, isBelow, isTable) = ([String](), false, false)
        for line in text {
            if line.hasPrefix("## ") { isBelow = line == "## " + heading }
            guard isBelow, line.hasPrefix("|") else {
                isTable = false
                continue
            }
            let cell = line.split(separator: "|").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
            if cell == "Example" { isTable = true }
            if isTable, cell.hasPrefix("`") { cells.append(cell.trimmingCharacters(in: ["`"])) }
        }
        return cells
    }

    private static let names = text.compactMap { line in
        line.hasPrefix("| `") ? line.split(separator: "`").dropFirst().first.map(String.init) : nil
    }

    @Test func `every expression is read, and its plain form means the same`() throws {
        let examples = Self.blocks("sira-expression") + Self.cells(below: "Expressions")
        #expect(examples.count >= 40)
        for example in examples {
            let expression = try Expression(parsing: example)
            #expect(try Expression(parsing: expression.description) == expression, "\(example)")
        }
    }

    @Test func `every objective is read, and its fixed form means the same`() throws {
        let examples =
            Self.blocks("sira-objective") + Self.cells(below: "Objectives").filter { !$0.hasPrefix("x-sira-") }
        #expect(examples.count >= 25)
        for example in examples {
            let objective = try Objective(parsing: example)
            #expect(!objective.isEmpty)
            #expect(try Objective(parsing: objective.description) == objective, "\(example)")
        }
    }

    @Test func `every header is known and read`() throws {
        let examples = Self.cells(below: "Objectives").filter { $0.hasPrefix("x-sira-") }
        #expect(Set(examples.map { $0.prefix { $0 != ":" } }) == Set(Objective.headerNames.map { $0[...] }))
        for example in examples {
            let colon = try #require(example.firstIndex(of: ":"))
            let value = example[example.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            let headers = HeaderFields([(String(example[..<colon]), value)])
            #expect(try Objective.stated(afterModel: nil, headers: headers)?.isEmpty == false, "\(example)")
        }
    }

    @Test func `every model with an objective is parted, and no other`() throws {
        let known: Set = ["auto", "gpt-4o", "claude-sonnet-4-5", "llama3:8b"]
        let examples = Self.blocks("sira-model")
        #expect(examples.count == 4)
        for example in examples {
            let (name, text) = Objective.split(model: example, isKnown: known.contains)
            #expect(known.contains(name), "\(example)")
            _ = try Objective(parsing: try #require(text))
        }
    }

    @Test func `every error of an expression is as it is told`() {
        let lines = Self.blocks("sira-expression-error").map { $0.components(separatedBy: " → ") }
        #expect(lines.count >= 8)
        for line in lines {
            let error = #expect(throws: ExpressionError.self) { try Expression(parsing: line[0]) }
            #expect(error?.description == line[1])
        }
    }

    @Test func `every error of an objective is as it is told`() {
        let lines = Self.blocks("sira-objective-error").map { $0.components(separatedBy: " → ") }
        #expect(lines.count >= 6)
        for line in lines {
            let error = #expect(throws: ObjectiveError.self) { try Objective(parsing: line[0]) }
            #expect(error?.message.hasPrefix(line[1]) == true, "\(error?.message ?? "")")
        }
    }

    /// The error for an unknown name lists every name, and so tells which there are.
    @Test func `the table has every name that errors list`() throws {
        let error = #expect(throws: ExpressionError.self) { try Expression(parsing: "qqqqqqqqqqqqqqqqqqqqqq") }
        let list = try #require(error?.message.components(separatedBy: "there are ").last)
        let listed = list.components(separatedBy: ", ")
        #expect(listed.count == 22)
        for name in listed { #expect(Self.names.contains(name), "\(name)") }
        for language in RequestFacts.Language.allCases {
            #expect(Self.text.contains { $0.contains("`\(language.rawValue)`") })
        }
        for task in RequestFacts.Task.allCases { #expect(Self.text.contains { $0.contains("`\(task.rawValue)`") }) }
    }
}
