/// Where a passage leads at its provider.
enum ProviderPath {
    /// The path and query of a request.
    ///
    /// The provider's base URL goes before the client's path, in such a way that what both say is said once:
    ///
    /// 1. a path that begins with all of the base's is taken as it is: `/v1` and `/v1/files` make `/v1/files`;
    /// 2. where the base ends with a version and the path begins with one, the path's counts: `/openai/v1` and
    ///    `/v2/chat` make `/openai/v2/chat`;
    /// 3. any other path comes behind the base's: `/v1` and `/files` make `/v1/files`.
    ///
    /// - Parameter base: without a slash at its end; perhaps empty.
    static func joined(_ base: String, _ passage: Passage) -> String {
        let query = passage.query.isEmpty ? "" : "?" + passage.query
        let path = passage.path
        if path == base || path.hasPrefix(base + "/") { return path + query }
        guard let slash = base.lastIndex(of: "/"), isVersion(base[base.index(after: slash)...]),
            isVersion(path.dropFirst().prefix { $0 != "/" })
        else { return base + path + query }
        return base[..<slash] + path + query
    }

    /// Whether a segment of a path is a version, such as `v1`, `v1beta` or `v1beta1`.
    private static func isVersion(_ segment: Substring) -> Bool {
        var rest = segment
        guard rest.popFirst() == "v", let digit = rest.popFirst(), digit.isASCII, digit.isNumber else { return false }
        rest = rest.drop { $0.isASCII && $0.isNumber }
        for word in ["alpha", "beta"] where rest.hasPrefix(word) { rest = rest.dropFirst(word.count) }
        return rest.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
