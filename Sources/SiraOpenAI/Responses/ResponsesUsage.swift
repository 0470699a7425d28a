internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the figures of an answer, and what its items say was done besides; nil when there are no figures.
    ///
    /// - Parameters:
    ///   - response: the whole answer.
    ///   - costField: ``Quirks/costField``.
    init?(response: JSONValue, costField: String?) {
        guard let figures = response.present("usage"),
            var read = ReportedUsage(openAI: figures, of: .response, costField: costField)
        else { return nil }
        read.serviceTier = response["service_tier"]?.string
        var searches = 0
        for item in response["output"]?.elements ?? response.elements {
            switch item["type"]?.string {
            // Of what such calls do, searching is billed; opening a page and finding something in it are not.
            case "web_search_call": if item["action"]?["type"]?.string ?? "search" == "search" { searches += 1 }
            // OpenAI bills these by the use, by the session or by what another model made.
            case "file_search_call", "code_interpreter_call", "image_generation_call", "shell_call":
                read.hasMore = true
            default: break
            }
        }
        let told = response["tool_usage"]?["web_search"]?["num_requests"]?.integer
        if let told, (0...1 << 20).contains(told) { searches = Int(told) }
        read.usage.webSearches = max(read.usage.webSearches, searches)
        self = read
    }
}
