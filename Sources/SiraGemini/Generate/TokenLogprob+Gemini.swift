internal import SiraJSON
internal import SiraWire

extension TokenLogprob {
    /// Reads `logprobsResult`: the tokens that were chosen, and for each place the likeliest.
    static func tokens(of json: JSONValue) -> [TokenLogprob] {
        let others = (json.present("topCandidates")?.listed ?? []).map { place in
            (place.present("candidates")?.listed ?? []).compactMap { TokenLogprob(gemini: $0) }
        }
        let chosen = (json.present("chosenCandidates")?.listed ?? []).compactMap { TokenLogprob(gemini: $0) }
        return chosen.enumerated().map { index, token in
            var token = token
            if index < others.count { token.alternatives = others[index] }
            return token
        }
    }

    private init?(gemini json: JSONValue) {
        guard let logprob = json["logProbability"]?.double else { return nil }
        let token = json["token"]?.string ?? ""
        self.init(token: token, logprob: logprob)
    }

    /// Writes tokens as `logprobsResult`.
    static func write(_ tokens: [TokenLogprob], into json: inout JSONWriter) {
        json.object {
            $0.array("topCandidates") {
                for token in tokens {
                    $0.object {
                        $0.array("candidates") {
                            for other in token.alternatives { other.write(into: &$0) }
                        }
                    }
                }
            }
            $0.array("chosenCandidates") {
                for token in tokens { token.write(into: &$0) }
            }
        }
    }

    private func write(into json: inout JSONWriter) {
        json.object {
            $0.member("token", token)
            $0.member("logProbability", logprob)
        }
    }
}
