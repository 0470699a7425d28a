import Foundation

/// The environment variables, as a value that tests can make themselves.
package struct Environment: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String] = [:]) {
        self.values = values
    }

    /// The variables of this process.
    package static var process: Environment { Environment(ProcessInfo.processInfo.environment) }

    /// The variable's value, nil when it is not set.
    ///
    /// An empty one is set.
    package subscript(name: String) -> String? { values[name] }

    /// The value of a variable that is set and not empty.
    package func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// `<PROVIDER>_BASE_URL`, such as `OPENAI_BASE_URL`, without a slash at the end; nil when it is not set.
    package func baseURL(ofProvider id: String) -> String? {
        text(Self.prefix(ofProvider: id) + "_BASE_URL").map { url in
            var url = Substring(url)
            while url.last == "/" { url.removeLast() }
            return String(url)
        }
    }

    /// What variables for a provider begin with: the id in capitals, other characters as `_`.
    package static func prefix(ofProvider id: String) -> String {
        String(id.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
