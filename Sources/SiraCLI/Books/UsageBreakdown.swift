import ArgumentParser
import SiraStorage

/// What sums are broken down by, in the order in which it was said.
struct UsageBreakdown: Hashable {
    /// One part of it; the raw value is what is typed.
    enum Word: String, CaseIterable {
        case organization, team, project, key, tag, user
        case requestedModel = "requested_model"
        case model, provider, day, hour, minute
    }

    let words: [Word]

    static let names = Word.allCases.map(\.rawValue).joined(separator: ", ")

    /// Reads words with commas between, for options.
    @Sendable static func read(_ text: String) throws -> UsageBreakdown {
        let pieces = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let words = pieces.compactMap(Word.init)
        guard words.count == pieces.count, Set(words).count == words.count else {
            throw ValidationError("\"\(text)\" is not one or several of \(names), with commas between.")
        }
        guard words.count(where: { [.day, .hour, .minute].contains($0) }) < 2 else {
            throw ValidationError("Only one of day, hour and minute can be asked for.")
        }
        guard !words.contains(.tag) || !words.contains(.user) else {
            throw ValidationError("tag and user cannot be asked for together: end users are counted like tags.")
        }
        return UsageBreakdown(words: words)
    }

    /// As it is typed.
    var text: String { words.map(\.rawValue).joined(separator: ",") }

    /// The slices of time.
    var period: RollupPeriod {
        if words.contains(.minute) { return .minute }
        return words.contains(.day) ? .day : .hour
    }

    /// A model is one of a provider.
    var groups: Set<RollupDimension> {
        words.reduce(into: []) { groups, word in
            switch word {
            case .organization: groups.insert(.organization)
            case .team: groups.insert(.team)
            case .project: groups.insert(.project)
            case .key: groups.insert(.key)
            case .tag, .user: groups.insert(.tag)
            case .requestedModel: groups.insert(.requestedModel)
            case .model: groups.formUnion([.provider, .model])
            case .provider: groups.insert(.provider)
            case .day, .hour, .minute: groups.insert(.time)
            }
        }
    }
}
