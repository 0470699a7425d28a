import SiraSignals
import Testing

@Suite struct ObjectiveSplittingTests {
    private let known: Set = ["auto", "gpt-4o", "llama3", "llama3:8b", "x/y:free", "claude-v1:0", "odd:best"]

    @Test(arguments: [
        ("gpt-4o", "gpt-4o", nil as String?), ("auto:cheapest", "auto", "cheapest"),
        ("auto:cheapest&quality>=0.8&ttft<800ms", "auto", "cheapest&quality>=0.8&ttft<800ms"),
        // Names with colons, known and not.
        ("llama3:8b", "llama3:8b", nil), ("x/y:free", "x/y:free", nil), ("claude-v1:0", "claude-v1:0", nil),
        ("unknown:8b", "unknown:8b", nil), ("unknown-v9:0", "unknown-v9:0", nil),
        ("llama3:latest", "llama3:latest", nil),
        ("llama3:70b-instruct-q4_K_M", "llama3:70b-instruct-q4_K_M", nil),
        ("hf.co/a/b:Q4_K_M", "hf.co/a/b:Q4_K_M", nil),
        ("ft:gpt-4o:acme:suffix:9aBc", "ft:gpt-4o:acme:suffix:9aBc", nil), ("odd:best", "odd:best", nil),
        // Objectives behind them.
        ("llama3:8b:cheapest", "llama3:8b", "cheapest"),
        ("claude-v1:0:price<=0.1&zdr", "claude-v1:0", "price<=0.1&zdr"),
        ("unknown:8b:fastest", "unknown:8b", "fastest"), ("auto:CHEAPEST", "auto", "CHEAPEST"),
        ("odd:best:best", "odd:best", "best"),
        // Meant as objectives and wrong.
        ("auto:qualty>=0.8", "auto", "qualty>=0.8"), ("auto:cheepest", "auto", "cheepest"),
        ("auto:quality", "auto", "quality"),
        ("auto:cheapest&foo", "auto", "cheapest&foo"), ("auto:foo&cheapest", "auto", "foo&cheapest"),
        ("auto:only=a:b", "auto", "only=a:b"), ("nobody:cheepest", "nobody:cheepest", nil),
        // Nothing on one side.
        ("auto:", "auto:", nil), (":cheapest", ":cheapest", nil), (":", ":", nil), ("", "", nil), ("a::b", "a::b", nil),
    ])
    func `a name is parted from what looks like an objective only`(model: String, name: String, text: String?) {
        let split = Objective.split(model: model, isKnown: known.contains)
        #expect(split.name == name)
        #expect(split.text == text)
    }

    @Test func `names without colons are not looked up`() {
        _ = Objective.split(model: "gpt-4o") { _ in
            Issue.record("looked up")
            return false
        }
    }
}
