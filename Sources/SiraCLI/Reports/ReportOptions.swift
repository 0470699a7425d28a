import ArgumentParser
import SiraCore
import SiraTenancy

/// Reads a scope, for options.
enum ScopeOption {
    @Sendable static func read(_ text: String) throws -> Scope {
        guard let scope = Scope(text), !scope.isEach else {
            throw ValidationError(
                "\"\(text)\" is not gateway, nor a kind and a name such as team:team_0123456789A, key:key_… or "
                    + "model:gpt-5-mini."
            )
        }
        return scope
    }

    static let help = ArgumentHelp("Whose requests.", valueName: "gateway|team:…|key:…|model:…")
}

/// Reads a decimal amount of dollars, for options.
enum AmountOption {
    @Sendable static func read(_ text: String) throws -> NanoUSD {
        guard let amount = NanoUSD(decimal: text) else {
            throw ValidationError("\"\(text)\" is not an amount of dollars such as 0.0025.")
        }
        return amount
    }
}

/// Reads a share, for options.
enum ShareOption {
    @Sendable static func read(_ text: String) throws -> Double {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(isPercent ? String(text.dropLast()) : text) else { throw failure(text) }
        let share = isPercent ? number / 100 : number
        guard (0...1).contains(share) else { throw failure(text) }
        return share
    }

    private static func failure(_ text: String) -> ValidationError {
        ValidationError("\"\(text)\" is not a share such as 0.3 or 30%.")
    }
}

/// The stretch of time and the scope that reports on the past are about.
struct PastOptions: ParsableArguments {
    @Option(help: ArgumentHelp("From when on.", valueName: "30d|2026-11-01"), transform: Moment.read)
    var since: Moment?

    @Option(
        help: ArgumentHelp("Until when; a day counts in full. (default: now)", valueName: "1d|2026-11-30"),
        transform: Moment.read
    )
    var until: Moment?

    @Option(help: ScopeOption.help, transform: ScopeOption.read)
    var scope: Scope = .gateway

    /// - Returns: the last thirty days, unless something else was asked for.
    func time(now: Timestamp) throws -> Range<Timestamp> {
        let end = until?.end(now: now) ?? now
        let begin = since?.beginning(now: now) ?? end.advanced(by: .seconds(-30 * 86_400))
        guard begin < end else { throw ValidationError("--since must be before --until.") }
        return begin..<end
    }
}
