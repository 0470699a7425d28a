import NIOCore
import Testing

@testable import SiraDashboard

@Suite struct ModuleGraphTests {
    private static func graph(_ files: [String: String]) -> ModuleGraph {
        ModuleGraph(files.mapValues { ConsoleFile(path: "", body: ByteBuffer(string: $0)) })
    }

    @Test func `scripts are reached once, from those that import them to those that are imported`() {
        let graph = Self.graph([
            "assets/app.js": "import { a } from \"./lib/a.js\";\nimport {\n  b,\n} from \"./lib/b.js\";\n",
            "assets/lib/a.js": "export { v } from \"../../vendor/v.js\";\nimport { b } from \"./b.js\";",
            "assets/lib/b.js": "import \"./a.js\";",
            "vendor/v.js": "",
            "assets/other.js": "",
        ])
        #expect(
            graph.reachable(from: ["assets/app.js"])
                == ["assets/app.js", "assets/lib/a.js", "assets/lib/b.js", "vendor/v.js"]
        )
    }

    @Test func `what is loaded later, of another place or not there is no part of it`() {
        let graph = Self.graph([
            "assets/a.js": """
            import OpenAI from "openai";
            import "./gone.js";
            import { x } from "./missing.js";
            const later = () => import("./later.js");
            const text = `import x from "./later.js";`;
            """,
            "assets/later.js": "",
        ])
        #expect(graph.reachable(from: ["assets/a.js", "assets/none.js"]) == ["assets/a.js"])
    }

    @Test func `every page is reached whole`() {
        let files = Dictionary(ConsoleFile.all.map { ($0.path, $0) }) { first, _ in first }
        let pages = ConsoleFiles().pages.map { "assets/pages/\($0).js" }
        let reached = Set(ModuleGraph(files).reachable(from: ["assets/app.js"] + pages))
        #expect(reached.isSuperset(of: ["assets/lib/table.js", "vendor/vue/vue.esm-browser.prod.js"]))
        #expect(reached.contains("assets/pages/overview/traffic.js"))
    }
}
