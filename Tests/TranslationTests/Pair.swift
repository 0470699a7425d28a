import SiraTesting

/// A request, answer or error in one format and what another project makes of it in a second one.
struct Pair {
    var id: String
    var name: String
    var input: Tree
    var inputFormat: String
    var expected: Tree
    var context: Tree
    /// Where two independent implementations agree.
    var agreed: [String]

    static func all(_ file: String, from: String, to: String, kind: String? = nil) throws -> [Pair] {
        try SharedData.lines(of: "pairs/\(file).jsonl.gz").compactMap { line in
            let tree = try Tree(line)
            guard tree["from"].string == from, tree["to"].string == to else { return nil }
            guard kind == nil || tree["kind"].string == kind else { return nil }
            return Pair(
                id: tree["id"].string ?? "",
                name: tree["case"].string ?? "",
                input: tree["input"],
                inputFormat: tree["input_format"].string ?? "",
                expected: tree["expected"],
                context: tree["context"],
                agreed: tree["agree"]["paths"].elements.compactMap(\.string)
            )
        }
    }
}
