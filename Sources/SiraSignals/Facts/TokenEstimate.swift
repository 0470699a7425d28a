package import SiraWire

/// About how many tokens a prompt has, from its length and its script, without a tokenizer.
///
/// Of the o200k vocabulary a token has 5.2 bytes in English prose, 4.3 in code, and a Chinese character takes 0.8 of a
/// token; vocabularies made for Chinese need 0.6. The rates below lie between, and rather high for prose: prompts are
/// not prose only, and a prompt that does not fit costs more than one that had room to spare.
package enum TokenEstimate {
    /// Tokens in a text of which `sample` is a part, `bytes` long in all.
    static func tokens(inBytes bytes: Int, like sample: ScriptCount) -> Int {
        guard bytes > 0 else { return 0 }
        guard sample.bytes > 0 else { return (bytes + 3) / 4 }
        return max(1, Int((Double(bytes) * tokens(in: sample) / Double(sample.bytes)).rounded()))
    }

    private static func tokens(in sample: ScriptCount) -> Double {
        let latin = Double(sample.ascii) * 0.25
        let short = Double(sample.twoByte) * 0.45
        let asian = Double(sample.han + sample.hangul) * 0.7 + Double(sample.kana) * 0.7
        let other = Double(sample.threeByte) * 0.6 + Double(sample.fourByte) * 1.5
        return latin + short + asian + other
    }

    /// What marks a turn's beginning and end.
    ///
    /// https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken: three for a message and one for a name.
    static let perTurn = 4

    /// An image.
    ///
    /// One of 1,024 × 1,024 is 765 tokens to OpenAI's models of four tiles and 85, about 1,400 to Anthropic's (width ×
    /// height / 750), 258 to 1,032 to Gemini's. Sizes are not known without reading the bytes.
    package static func image(detail: String?) -> Int { detail == "low" ? 85 : 800 }

    /// A recording: 32 tokens a second, as Gemini counts, at 128 kbit/s.
    package static func audio(_ media: Media) -> Int { max(100, size(of: media) / 512) }

    /// A file that is not text: a page of a PDF is about 1,500 tokens (Anthropic) and 50 KB.
    package static func file(_ media: Media) -> Int { max(1_500, size(of: media) / 33) }

    /// Bytes of what a request carries itself; 0 for what it only points at.
    private static func size(of media: Media) -> Int {
        if case .base64(_, let data) = media { data.utf8.count / 4 * 3 } else { 0 }
    }
}
