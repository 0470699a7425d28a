/// Recordings and files are read well by better models only.
struct MediaSignal: Signal {
    let name = "media"

    func read(_ facts: RequestFacts) -> Reading {
        switch (facts.hasAudio, facts.hasFiles) {
        case (true, true): Reading([.init(.balanced, 1.5), .init(.economy, -1)], "has audio and files")
        case (true, false): Reading([.init(.balanced, 1), .init(.economy, -0.5)], "has audio")
        case (false, true): Reading([.init(.balanced, 1), .init(.economy, -0.5)], "has files")
        case (false, false): .silent
        }
    }
}
