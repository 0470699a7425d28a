import NIOCore

/// Which scripts of the console need which, by their import statements.
///
/// A browser sees what a script imports only once it has that script, so a page's scripts arrive in as many waves as
/// they are deep. A document that names them all gets them in one.
struct ModuleGraph {
    private let files: [String: ConsoleFile]

    init(_ files: [String: ConsoleFile]) {
        self.files = files
    }

    /// The scripts at `roots` and all that they import, each once, what is imported after what imports it.
    ///
    /// What is not there is passed over.
    func reachable(from roots: [String]) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        var waiting = roots
        while !waiting.isEmpty {
            let wave = waiting.filter { files[$0] != nil && known.insert($0).inserted }
            found += wave
            waiting = wave.flatMap(imports)
        }
        return found
    }

    /// What `import … from "./other.js"`, `export … from` and `import "./other.js"` name at the beginning of lines,
    /// relative to the console's folder.
    ///
    /// Scripts that are loaded while one runs, by `import()`, are not needed to begin.
    private func imports(of path: String) -> [String] {
        guard let body = files[path]?.body else { return [] }
        return String(buffer: body).split(separator: "\n").compactMap { line in
            guard line.hasPrefix("import ") || line.hasPrefix("export ") || line.hasPrefix("} from"),
                let named = line.firstRange(of: "from \"") ?? line.firstRange(of: "import \"")
            else { return nil }
            let specifier = line[named.upperBound...].prefix { $0 != "\"" }
            return specifier.hasPrefix(".") ? Self.resolved(specifier, from: path) : nil
        }
    }

    /// `../lib/vue.js` in `assets/pages/keys.js` is `assets/lib/vue.js`.
    private static func resolved(_ specifier: Substring, from path: String) -> String {
        var folders = path.split(separator: "/").dropLast()
        for part in specifier.split(separator: "/") where part != "." {
            if part == ".." { _ = folders.popLast() } else { folders.append(part) }
        }
        return folders.joined(separator: "/")
    }
}
