internal import SiraJSON
internal import SiraWire

/// A tool of type `custom`, which takes free text, as the function that it is for protocols without such tools: its
/// text is the function's only argument.
enum ResponsesCustomTool {
    /// The schema by which such a function is known again.
    static let parameters = RawJSON(
        #"{"type":"object","properties":{"input":{"type":"string","description":"The tool's whole input as free text."}},"#
            + #""required":["input"],"additionalProperties":false}"#
    )

    static func isCustom(_ function: FunctionTool) -> Bool { function.parameters == parameters }

    /// The function's arguments for a text.
    static func arguments(for input: String) -> String {
        var json = JSONWriter(capacity: input.utf8.count + 16)
        json.object { $0.member("input", input) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The text of the function's arguments; what is no such object is taken for the text itself.
    static func input(of arguments: String) -> String {
        let indexer = JSONIndexer()
        let input = try? indexer.read(Array(arguments.utf8), limits: .answer) { $0["input"]?.string }
        return (input ?? nil) ?? arguments
    }
}
