/// Requests and answers that tests share.
enum Sample {
    static let chat = #"{"model":"small","messages":[{"role":"user","content":"Hi"}]}"#
    static let chatStream = #"{"model":"small","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#
    static let completion =
        #"{"choices":[{"message":{"content":"Hello"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
    static let done = "data: [DONE]\n\n"
    static let live = "GET /health/live HTTP/1.1\r\nhost: sira\r\n\r\n"

    static func chunk(_ text: String) -> String { #"data: {"choices":[{"delta":{"content":""# + text + "\"}}]}\n\n" }
}
