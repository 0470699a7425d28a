package import SiraCore
import SiraWire

/// A path of a provider, behind `/providers/{provider}`, to which a request goes as it is.
package struct Passage: Hashable, Sendable {
    /// The name of the access.
    package let provider: String
    /// As sent, beginning with a slash, without the query.
    package let path: String
    /// As sent, without the question mark and without what shows who calls; empty when there is none.
    package let query: String

    package init(provider: String, path: String, query: String) {
        self.provider = provider
        self.path = path
        self.query = query
    }

    /// Reads a request's target: `/providers/openai/v1/vector_stores?limit=2`.
    ///
    /// - Throws: `unknownPath` when it names no provider or no path behind one, `malformedRequest` when the path could
    ///   be read as another one than it seems.
    package init(target: String) throws(GatewayError) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts[0].dropFirst("/providers/".count)
        guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex, rest.index(after: slash) < rest.endIndex
        else {
            throw GatewayError(
                .unknownPath,
                "Name a provider and one of its paths: /providers/{provider}/{path}, such as "
                    + "/providers/openai/v1/vector_stores."
            )
        }
        try Self.check(rest[slash...])
        self.init(
            provider: String(rest[..<slash]),
            path: String(rest[slash...]),
            query: parts.count > 1 ? Self.withoutKey(parts[1]) : ""
        )
    }

    /// Refuses paths that could lead out of where they seem to lead, here or at a server that decodes them once more.
    private static func check(_ path: Substring) throws(GatewayError) {
        let isWritable = path.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#")
        }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = segments.enumerated().allSatisfy { index, segment in
            let text = PercentEncoding.decoded(segment)
            let lower = text.lowercased()
            return (!segment.isEmpty || index == segments.count - 1)
                && text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).allSatisfy { $0 != "." && $0 != ".." }
                && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
                && !["%2e", "%2f", "%5c", "%25"].contains { lower.contains($0) }
        }
        guard isWritable, isPlain else {
            throw GatewayError(
                .malformedRequest,
                "This path of a provider is not passed on: write it without empty, \".\" or \"..\" segments, control "
                    + "characters, backslashes and escapes of escapes."
            )
        }
    }

    /// The query without `key`, by which clients of Gemini's protocol show who they are.
    private static func withoutKey(_ query: Substring) -> String {
        let kept = query.split(separator: "&").filter { !QueryKey.isKey($0) }
        // What cannot stand in a request's line would end it.
        return kept.joined(separator: "&").filter { $0.isASCII && $0 > " " && $0 != "#" && $0 != "\u{7F}" }
    }
}

/// The key that clients of Gemini's protocol may put into the query.
package enum QueryKey {
    /// The value of `key` in a target's query; nil when there is none.
    package static func value(in target: String) -> String? {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return target[target.utf8.index(after: mark)...].split(separator: "&").first(where: isKey).map {
            PercentEncoding.decoded($0.dropFirst("key=".count))
        }
    }

    static func isKey(_ pair: Substring) -> Bool {
        PercentEncoding.decoded(pair.prefix { $0 != "=" }) == "key"
    }
}
