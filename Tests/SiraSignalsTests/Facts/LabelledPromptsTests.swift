import SiraJSON
import SiraSignals
import SiraTesting
import SiraWire
import Testing

/// How often language and task are told as people labelled them.
@Suite struct LabelledPromptsTests {
    struct Row {
        var text: String
        var task: String
        var language: String
    }

    static func rows() throws -> [Row] {
        let indexer = JSONIndexer()
        return try SharedData.lines(of: "data/intent/dev.jsonl.gz").map { line in
            try indexer.read(line) { row in
                Row(
                    text: row["text"]?.string ?? "",
                    task: row["task"]?.string ?? "",
                    language: row["lang"]?.string ?? ""
                )
            }
        }
    }

    /// 2,844 of 2,927 when it was written.
    @Test(.enabled(if: SharedData.isAvailable)) func `the language is told rightly of 96 in 100`() throws {
        let rows = try Self.rows()
        try #require(!rows.isEmpty)
        let right = rows.count { RequestFactsTests.facts($0.text).language.rawValue == $0.language }
        #expect(Double(right) >= 0.96 * Double(rows.count), "\(right) of \(rows.count)")
    }

    /// 1,906 of 2,393 when it was written; people's own labels overlap, and the phrases were chosen with these rows in view.
    @Test(.enabled(if: SharedData.isAvailable)) func `the task is told rightly of 77 in 100, and of each kind of most`()
        throws
    {
        let rows = try Self.rows()
        try #require(!rows.isEmpty)
        var (right, all): ([String: Int], [String: Int]) = ([:], [:])
        for row in rows {
            guard let task = Self.names[row.task] else { continue }
            all[task, default: 0] += 1
            if RequestFactsTests.facts(row.text).task == RequestFacts.Task(rawValue: task) {
                right[task, default: 0] += 1
            }
        }
        let (sum, count) = (right.values.reduce(0, +), all.values.reduce(0, +))
        #expect(Double(sum) >= 0.77 * Double(count), "\(sum) of \(count)")
        for (task, count) in all {
            #expect(Double(right[task] ?? 0) > 0.5 * Double(count), "\(task): \(right[task] ?? 0) of \(count)")
        }
    }

    private static let names = [
        "translation": "translation", "summarization": "summary", "extraction": "extraction",
        "classification": "classification", "code_generation": "code", "math_reasoning": "math",
        "complex_reasoning": "reasoning", "creative_writing": "writing", "chat": "chat",
    ]
}
