/// Small models know English and Chinese well, and other languages less.
struct LanguageSignal: Signal {
    let name = "language"

    func read(_ facts: RequestFacts) -> Reading {
        switch facts.language {
        case .english, .chinese: .silent
        case .japanese: Reading([.init(.balanced, 0.75), .init(.economy, -0.25)], "written in Japanese")
        case .korean: Reading([.init(.balanced, 0.75), .init(.economy, -0.25)], "written in Korean")
        case .other:
            // Nothing was looked at, or nothing was said.
            facts.promptTokens == 0
                ? .silent : Reading([.init(.balanced, 0.75), .init(.economy, -0.25)], "not in a common language")
        }
    }
}
