import SiraCore
import SiraJSON
package import SiraWire

extension AnswerEvent {
    /// The event in a line, for comparing.
    package var summary: String {
        switch self {
        case .start(let start): "start \(start.serviceTier?.rawValue ?? "none")"
        case .choice(let number): "choice \(number)"
        case .text(let part, let text): "\(part) text \(text)"
        case .refusal(let part, let text): "\(part) refusal \(text)"
        case .thinking(let part, let text): "\(part) thinking \(text)"
        case .signature(let part, let text): "\(part) signature \(text)"
        case .redactedThinking(let part, let text): "\(part) redacted \(text)"
        case .toolCall(let part, let id, let name): "\(part) call \(id) \(name)"
        case .toolArguments(let part, let text): "\(part) arguments \(text)"
        case .citation(let part, let citation): "\(part) citation \(citation.url ?? "") \(citation.title ?? "")"
        case .logprobs(let part, let tokens): "\(part) logprobs \(tokens.map { "\($0.token) \($0.logprob)" })"
        case .audio(let part, let text): "\(part) audio \(text)"
        case .transcript(let part, let text): "\(part) transcript \(text)"
        case .media(let part, let media): "\(part) media \(media)"
        case .native(let part, _, let raw): "\(part) native \(raw)"
        case .usage(let figures): "usage \(figures.usage.input) \(figures.usage.output)"
        case .stop(let reason): "stop \(reason)"
        case .failure(let error): "failure \(error.code.rawValue)"
        }
    }
}
