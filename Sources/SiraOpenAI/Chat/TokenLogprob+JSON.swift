internal import SiraJSON
internal import SiraWire

extension TokenLogprob {
    /// Reads a token as chat completions write it; nil when it has no probability.
    ///
    /// - Parameter isAlternative: whether it is itself one of another's alternatives, which have none.
    init?(_ json: JSONValue, isAlternative: Bool = false) {
        guard let token = json["token"]?.string, let logprob = json["logprob"]?.double else { return nil }
        let bytes = json.present("bytes").map { $0.elements.compactMap { $0.integer.flatMap(UInt8.init(exactly:)) } }
        let others = isAlternative ? nil : json.present("top_logprobs")
        self.init(
            token: token,
            logprob: logprob,
            bytes: bytes,
            alternatives: others?.elements.compactMap { TokenLogprob($0, isAlternative: true) } ?? []
        )
    }

    /// Writes the token as chat completions do.
    func write(into json: inout JSONWriter, isAlternative: Bool = false) {
        json.object {
            $0.member("token", token)
            $0.member("logprob", logprob)
            if let bytes {
                $0.array("bytes") {
                    for byte in bytes { $0.element(byte) }
                }
            } else {
                $0.null("bytes")
            }
            guard !isAlternative else { return }
            $0.array("top_logprobs") {
                for other in alternatives { other.write(into: &$0, isAlternative: true) }
            }
        }
    }
}
