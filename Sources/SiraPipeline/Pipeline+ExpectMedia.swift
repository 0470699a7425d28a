import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire

/// What pictures and sound are expected to need, where they are billed by tokens or by time.
///
/// The figures are high rather than low: what is reserved in excess comes back.
extension Pipeline {
    /// The most tokens that a picture of `gpt-image-1` has: of high quality, 1024 × 1536 pixels.
    ///
    /// https://platform.openai.com/docs/guides/image-generation#cost-and-latency
    private static let pictureTokens: Int64 = 6_240

    /// Adds the tokens of pictures that are asked for, and of one that is to be changed.
    func expectPictures(
        _ usage: inout Usage,
        _ rates: Rates?,
        at deployment: Deployment,
        _ request: RequestContext
    ) {
        guard let rates, rates.outputImage != nil || rates.inputImage != nil && rates.output != nil else { return }
        usage.output = tokensOfAnswers(at: deployment, request, unseen: Self.pictureTokens)
        usage.outputImage = usage.output
        guard request.inbound.operation != .imageGeneration else { return }
        usage.input += Int(Self.pictureTokens)
        usage.inputImage += Int(Self.pictureTokens)
    }

    /// Adds the time and the tokens of a text that is read aloud: ten characters a second at least, and a token each
    /// 50 ms.
    ///
    /// https://platform.openai.com/docs/guides/realtime-costs
    func expectSpeech(_ usage: inout Usage, _ rates: Rates?) {
        guard let rates else { return }
        let characters = min(usage.characters, 1_000_000_000)
        if rates.perAudioHour != nil { usage.outputAudioTime = characters * 100 }
        guard rates.outputAudio != nil else { return }
        usage.output = characters * 2
        usage.outputAudio = usage.output
    }

    /// Adds the time of a recording, and its tokens where these are billed: a minute at least, and as long as it is at
    /// 64 kbit/s; ten tokens a second.
    func expectRecording(_ usage: inout Usage, _ rates: Rates?, bytes: Int) {
        let seconds = max(60, min(bytes, 1_000_000_000_000) / 8_000)
        usage.inputAudioTime = seconds * 1_000
        guard let rates, rates.perAudioHour == nil, rates.inputAudio != nil || rates.input != nil else { return }
        usage.input += seconds * 10
        if rates.inputAudio != nil { usage.inputAudio += seconds * 10 }
    }
}
