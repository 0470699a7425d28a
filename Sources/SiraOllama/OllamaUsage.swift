internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the counts that stand in the last object of an answer; nil when there are none.
    ///
    /// The prompt's is left out by versions that had the whole prompt in their cache.
    init?(ollama json: JSONValue) {
        let prompt = json.tokens("prompt_eval_count")
        let answer = json.tokens("eval_count")
        guard prompt != nil || answer != nil else { return nil }
        self.init(Usage(input: prompt ?? 0, output: answer ?? 0))
        lacksInput = prompt == nil
        lacksOutput = answer == nil
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
