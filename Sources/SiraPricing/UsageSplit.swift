import SiraCatalog
import SiraCore

extension Usage {
    /// The usage as a bill under `rates` splits it.
    ///
    /// Pictures and audio in the prompt that cost what text does stay part of the prompt, so that it matters no more
    /// which of them were cached. What is told in two ways is billed in one: where the tokens of pictures or of audio have been
    /// counted and have a price, the pictures and the time are not billed besides.
    func split(for rates: Rates) -> Usage {
        var usage = self
        let costsAsText = rates.inputImage == nil || rates.inputImage == rates.input
        if costsAsText, rates.cachedImage == nil || rates.cachedImage == rates.cacheRead { usage.inputImage = 0 }
        if rates.inputAudio == rates.input, rates.cachedAudio == nil || rates.cachedAudio == rates.cacheRead {
            (usage.inputAudio, usage.cacheReadAudio) = (0, nil)
        }
        if hasPicturesAsTokens(rates) || isOfTokensOnly(rates.perImage) { usage.images = 0 }
        if hasAudioAsTokens(rates) || isOfTokensOnly(rates.perAudioHour) {
            usage.inputAudioTime = 0
            usage.outputAudioTime = 0
        }
        if isOfTokensOnly(rates.perCharacter) { usage.characters = 0 }
        if isOfTokensOnly(rates.perRequest) { usage.searchUnits = 0 }
        return usage
    }

    /// Whether all that `rates` charges for has been counted.
    ///
    /// A price for something of which nothing was counted means that the provider did not tell: a model with a price for
    /// each picture is not asked for none.
    func counts(allIn rates: Rates) -> Bool {
        if rates.billsOtherUnits { return false }
        if rates.perImage != nil, images <= 0, !hasPicturesAsTokens(rates) { return false }
        if rates.perCharacter != nil, characters <= 0 { return false }
        // Answers of such models may be pictures, which cost a multiple of words, and not everyone tells them apart.
        if let price = rates.outputImage, price != rates.output, output > 0, outputImage <= 0 { return false }
        guard rates.perAudioHour != nil, !hasAudioAsTokens(rates) else { return true }
        // The hour has one price, and whether both directions are billed is not told.
        return (inputAudioTime > 0) != (outputAudioTime > 0)
    }

    private func hasPicturesAsTokens(_ rates: Rates) -> Bool { outputImage > 0 && rates.outputImage != nil }

    private func hasAudioAsTokens(_ rates: Rates) -> Bool {
        inputAudio > 0 && rates.inputAudio != nil || outputAudio > 0 && rates.outputAudio != nil
    }

    /// Whether a count without a price is of no matter, because tokens are what is billed.
    private func isOfTokensOnly(_ price: Int64?) -> Bool { price == nil && (input > 0 || output > 0) }
}
