import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct RealtimeObserverTests {
    private let indexer = JSONIndexer()

    private static func observer(allowing others: Set<String> = []) -> any SessionObserver {
        let models = SessionModels(requested: "voice", provided: "gpt-realtime") { others.contains($0) }
        return RealtimeSessions().makeObserver(models, quirks: Quirks())
    }

    private func received(_ text: String, by observer: inout any SessionObserver) -> SessionEvent {
        var bytes = Array(text.utf8)
        return bytes.withUnsafeMutableBytes { observer.observe(received: UnsafeRawBufferPointer($0), indexer: indexer) }
    }

    private func use(_ usage: String) -> Usage? {
        var observer = Self.observer()
        let event = received(
            #"{"type":"response.done","response":{"status":"completed","usage":\#(usage)}}"#,
            by: &observer
        )
        guard case .ended(let use) = event else { return nil }
        return use.reported?.usage
    }

    /// What the provider gets of a client's event, or the code of the refusal.
    private func sent(_ text: String, allowing others: Set<String> = []) -> Result<String, GatewayError> {
        var observer = Self.observer(allowing: others)
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { raw in
            Result { () throws(GatewayError) in
                var result = bytes
                for splice in try observer.observe(sent: raw, indexer: indexer).reversed() {
                    result.replaceSubrange(splice.span, with: splice.replacement)
                }
                return String(decoding: result, as: UTF8.self)
            }
        }
    }

    private func code(_ text: String, allowing others: Set<String> = []) -> ErrorCode? {
        if case .failure(let error) = sent(text, allowing: others) { error.code } else { nil }
    }

    // MARK: recordings

    /// A session of the recordings: what was said to and by the provider, as compact JSON.
    private struct Session {
        var provider: String
        var sent: [String] = []
        var received: [String] = []
        /// Tokens of all responses, as the recording has them.
        var usages: [Usage] = []
    }

    private func sessions() throws -> [Session] {
        try SharedData.lines(of: "recordings/ws/realtime.jsonl.gz").map { line in
            try indexer.read(line) { root in
                var session = Session(provider: root["provider"]?.string ?? "")
                for frame in root["frames"]?.elements.map({ $0 }) ?? [] {
                    guard let data = frame.present("data") else { continue }
                    if frame["direction"]?.isString("sent") ?? false {
                        session.sent.append(data.rawJSON.description)
                        continue
                    }
                    session.received.append(data.rawJSON.description)
                    guard data["type"]?.isString("response.done") ?? false,
                        let response = data.present("response"),
                        let usage = [response, data].compactMap({ $0.present("usage") })
                            .first(where: { $0.present("input_tokens") != nil })
                    else { continue }
                    var read = Usage()
                    read.input = Int(usage["input_tokens"]?.integer ?? -1)
                    read.output = Int(usage["output_tokens"]?.integer ?? -1)
                    read.inputAudio = Int(usage["input_token_details"]?["audio_tokens"]?.integer ?? 0)
                    read.outputAudio = Int(usage["output_token_details"]?["audio_tokens"]?.integer ?? 0)
                    session.usages.append(read)
                }
                return session
            }
        }
    }

    @Test(.enabled(if: SharedData.isAvailable))
    func `in recorded sessions every answer is counted, with its figures, and nothing else`() throws {
        var answers = 0
        for session in try sessions() where session.provider != "gemini" {
            var observer = Self.observer()
            var usages: [Usage] = []
            var (begun, ended) = (0, 0)
            for message in session.received {
                switch received(message, by: &observer) {
                case .began: begun += 1
                case .ended(let use):
                    ended += 1
                    if let reported = use.reported { usages.append(reported.usage) }
                case .frame, .content, .aside: break
                }
            }
            #expect(begun == ended)
            try #require(usages.count == session.usages.count)
            for (found, expected) in zip(usages, session.usages) {
                #expect(found.input == expected.input && found.output == expected.output)
                #expect(found.inputAudio == expected.inputAudio && found.outputAudio == expected.outputAudio)
            }
            answers += usages.count
        }
        #expect(answers == 33)
    }

    @Test(.enabled(if: SharedData.isAvailable))
    func `what clients said in recorded sessions passes unchanged`() throws {
        for session in try sessions() {
            for message in session.sent {
                let result = sent(
                    message,
                    allowing: [
                        "whisper-1", "gpt-4o-mini-transcribe", "gpt-4o-transcribe", "gpt-realtime-whisper",
                        "grok-transcribe",
                    ]
                )
                #expect(try result.get() == message)
            }
        }
    }

    // MARK: figures

    @Test func `audio, pictures and what was cached are parts of prompt and answer`() throws {
        let usage = try #require(
            use(
                #"{"total_tokens":150,"input_tokens":100,"output_tokens":50,"input_token_details":{"text_tokens":30,"#
                    + #""audio_tokens":60,"image_tokens":10,"cached_tokens":64,"cached_tokens_details":{"text_tokens":24,"#
                    + #""audio_tokens":40,"image_tokens":0}},"output_token_details":{"text_tokens":8,"audio_tokens":42}}"#
            )
        )
        #expect((usage.input, usage.output) == (100, 50))
        #expect((usage.inputAudio, usage.inputImage, usage.outputAudio) == (60, 10, 42))
        #expect((usage.cacheRead, usage.cacheReadAudio) == (64, 40))
    }

    @Test func `cached audio that is not told apart stays unknown`() throws {
        let usage = try #require(
            use(#"{"input_tokens":9,"output_tokens":1,"input_token_details":{"audio_tokens":5,"cached_tokens":4}}"#)
        )
        #expect(usage.cacheRead == 4)
        #expect(usage.cacheReadAudio == nil)
    }

    @Test(arguments: [
        #"{"input_tokens":-1,"output_tokens":1e300,"input_token_details":{"audio_tokens":9223372036854775807}}"#,
        #"{"input_tokens":1,"output_tokens":1,"input_token_details":[],"output_token_details":{"audio_tokens":-5}}"#,
        #"{"input_tokens":1,"output_tokens":1,"input_token_details":{"cached_tokens":9,"cached_tokens_details":{"audio_tokens":9}}}"#,
    ])
    func `figures that cannot be do no harm`(usage: String) {
        guard let read = use(usage) else { return }
        #expect(read.inputAudio <= read.input && read.cacheRead <= read.input && read.outputAudio <= read.output)
        #expect(read.outputAudio >= 0 && read.inputAudio >= 0 && (read.cacheReadAudio ?? 0) <= read.inputAudio)
    }

    @Test func `an answer without figures is counted without them`() {
        var observer = Self.observer()
        let event = received(#"{"type":"response.done","response":{"status":"cancelled","usage":null}}"#, by: &observer)
        guard case .ended(let use) = event else { Issue.record("\(event)"); return }
        #expect(use.reported == nil)
        #expect(use.failure == nil)
    }

    @Test func `an answer that failed says why`() {
        var observer = Self.observer()
        let text =
            #"{"type":"response.done","response":{"status":"failed","status_details":{"type":"failed","error":"#
            + #"{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"slow"}},"usage":null}}"#
        guard case .ended(let use) = received(text, by: &observer) else { Issue.record("not read"); return }
        #expect(use.failure?.code == .upstreamRateLimited)
    }

    @Test func `a transcription is its model's, by tokens or by time`() {
        var observer = Self.observer()
        let updated =
            #"{"type":"session.updated","session":{"audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}"#
        _ = received(updated, by: &observer)
        let type = "conversation.item.input_audio_transcription.completed"
        let tokens =
            #"{"type":"\#(type)","transcript":"hi","usage":{"type":"tokens","total_tokens":22,"input_tokens":17,"#
            + #""input_token_details":{"text_tokens":0,"audio_tokens":17},"output_tokens":5}}"#
        guard case .aside(let use) = received(tokens, by: &observer) else { Issue.record("not read"); return }
        #expect(use.model == "gpt-4o-transcribe")
        #expect(use.reported?.usage.inputAudio == 17)
        #expect(use.reported?.usage.output == 5)
        #expect(use.reported?.isPartial == false)
        let time = #"{"type":"\#(type)","transcript":"hi","usage":{"type":"duration","seconds":3}}"#
        guard case .aside(let timed) = received(time, by: &observer) else { Issue.record("not read"); return }
        #expect(timed.reported?.usage.inputAudioTime == 3_000)
        #expect(timed.reported?.isPartial == false)
    }

    @Test func `words that the model says are not taken for events`() {
        var observer = Self.observer()
        let said = #"{"type":"response.output_text.delta","delta":"\"type\":\"response.done\""}"#
        guard case .content = received(said, by: &observer) else { Issue.record("not content"); return }
        let quoted = #"{"type":"response.output_text.done","text":"response.done"}"#
        guard case .frame = received(quoted, by: &observer) else { Issue.record("not a frame"); return }
        guard case .frame = received(#"{"type":"response.done", and so on"#, by: &observer) else {
            Issue.record("broken JSON is passed on")
            return
        }
    }

    // MARK: models

    @Test func `a session may name its own model again, which the provider knows by another name`() throws {
        let update = #"{"type":"session.update","session":{"model":"voice","voice":"alloy"}}"#
        #expect(
            try sent(update).get()
                == #"{"type":"session.update","session":{"model":"gpt-realtime","voice":"alloy"}}"#
        )
        let own = #"{"type":"session.update","session":{"model":"gpt-realtime"}}"#
        #expect(try sent(own).get() == own)
    }

    @Test(arguments: [
        #"{"type":"session.update","session":{"model":"gpt-4o-realtime"}}"#,
        #"{"type":"session.update","session":{"mod\u0065l":"gpt-4o-realtime"}}"#,
        #"{"session":{"voice":"alloy","model":7},"type":"session.update"}"#,
        #"{"type":"response.create","response":{"model":"gpt-4o-realtime"}}"#,
    ])
    func `a session cannot leave its model`(event: String) {
        #expect(code(event) == .invalidField)
    }

    @Test func `another model within the session must be allowed`() {
        let update =
            #"{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"whisper-1"}}}}}"#
        let beta = #"{"type":"session.update","session":{"input_audio_transcription":{"model":"whisper-1"}}}"#
        for event in [update, beta] {
            #expect(code(event) == .modelNotAllowed)
            #expect(code(event, allowing: ["whisper-1"]) == nil)
        }
    }

    @Test(arguments: [
        #"{"type":"input_audio_buffer.append","audio":"bW9kZWw="}"#,
        #"{"type":"conversation.item.create","item":{"content":[{"type":"input_text","text":"the \"model\": x \u00e9"}]}}"#,
        #"{"type":"response.create","response":{"metadata":{"model":"mine"},"tools":[{"parameters":{"model":{}}}]}}"#,
        #"{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":null}}}}}"#,
    ])
    func `what names no model of the session passes unchanged`(event: String) throws {
        #expect(try sent(event).get() == event)
    }

    @Test func `an event that names a model twice is refused`() {
        #expect(code(#"{"session":{"model":"voice","model":"other"}}"#) == .invalidJSON)
        #expect(code(#"{"session":{"model":"voice"}"#) == .invalidJSON)
    }

    // MARK: errors

    @Test func `an error is an event of the protocol`() throws {
        let error = GatewayError(.upstreamInterrupted, "It broke.")
        let bytes = RealtimeSessions().errorMessage(error, request: RequestID(high: 1, low: 2))
        try indexer.read(bytes) { root in
            #expect(root["type"]?.string == "error")
            #expect(root["event_id"]?.string?.hasPrefix("event_") == true)
            #expect(root["error"]?["type"]?.string == "server_error")
            #expect(root["error"]?["code"]?.string == "upstream_stream_interrupted")
            #expect(root["error"]?["message"]?.string?.hasPrefix("It broke.") == true)
        }
    }
}
