package import SiraCatalog
package import SiraCore

extension Tariff {
    /// The most that `usage` may cost where it is not told what it consists of: each count at the dearest of the prices
    /// that may hold for it.
    ///
    /// What is not counted but has a price by the piece, such as a picture, counts as one.
    ///
    /// - Returns: nil where there is no price for anything of it.
    package func ceiling(of usage: Usage, at time: Timestamp, tier: ServiceTier = .standard) -> NanoUSD? {
        guard let rates = rates(input: usage.input, at: time, tier: tier) else { return nil }
        var sum = UnitSum()
        var isKnown = false
        func add(_ count: Int, of unit: BilledUnit? = nil, at prices: Int64?...) {
            guard count > 0, let dearest = prices.compactMap({ $0 }).max() else { return }
            sum.add(count, at: dearest, quantum: unit?.quantum ?? 1)
            isKnown = true
        }
        let audio = min(max(0, usage.inputAudio), max(0, usage.input))
        add(usage.input - audio, at: rates.input, rates.inputImage, rates.cacheWrite, rates.cacheWriteLong)
        add(audio, at: rates.input, rates.inputAudio)
        add(usage.output, at: rates.output, rates.reasoning, rates.outputAudio, rates.outputImage)
        add(max(1, usage.images), at: rates.perImage)
        add(usage.characters, at: rates.perCharacter)
        add(max(usage.inputAudioTime, usage.outputAudioTime), of: .audioTime, at: rates.perAudioHour)
        add(usage.webSearches, at: rates.perSearch)
        add(max(1, usage.searchUnits), at: rates.perRequest)
        return isKnown ? sum.amount : nil
    }
}
