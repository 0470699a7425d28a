package import SiraCore

/// One condition on requests, as people write it in a query: `latency:>2s`, `-team:evals`.
package struct RequestTerm: Hashable, Sendable {
    /// Names that are compared as texts.
    package enum TextField: String, Hashable, Sendable, CaseIterable {
        /// The name that the client wrote, or the one that the provider was asked for.
        case model
        case asked, provider, deployment, organization, team, project, key, user, type, why, tag
    }

    /// What is compared as a number.
    package enum NumberField: String, Hashable, Sendable, CaseIterable {
        /// In microseconds.
        case latency, ttft, queue, overhead
        /// In nano-dollars.
        case cost, saved
        /// In tokens.
        case tokens, input, output, cached, reasoning
        case status, attempts
    }

    /// What is so or not.
    package enum Flag: String, Hashable, Sendable, CaseIterable {
        /// Did not end well, whoever's fault it was.
        case error
        case slow, cached, stream, unpriced
        /// Another attempt came before the one that counts; the answers of a session are none.
        case retry
        /// The attempt that counts went elsewhere than one before it.
        case fallback
    }

    package enum Test: Hashable, Sendable {
        /// One of these; `*` stands for any characters.
        case text(TextField, [String])
        /// Not below the first and not above the second bound; nil for no bound.
        case number(NumberField, least: Int64?, most: Int64?)
        case outcome([Outcome])
        case flag(Flag)
        case request(RequestID)
        /// A part of the model's, the key's or the end user's name; the keys of such names by their ids.
        case anywhere(String, keys: [String] = [])
    }

    package var test: Test
    package var isNegated = false

    package init(_ test: Test, isNegated: Bool = false) {
        self.test = test
        self.isNegated = isNegated
    }
}

/// Why a query cannot be read: what is wrong with it and what to write, in a sentence.
package struct RequestQueryError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// The same with the letters A to Z in lower case, as SQLite's `lower` makes it.
    package var asciiLowercased: String {
        String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
