import SiraJSON

/// What an operator orders by `/api/health/drain` and `/api/health/resume`.
package struct HealthOrder: Hashable, Sendable {
    /// What is to be done.
    package enum Action: String, Sendable {
        /// Takes out of use.
        case drain
        /// Takes into use again.
        case resume
    }

    /// With whom it is to be done.
    package enum Target: Hashable, Sendable {
        /// One deployment, such as `openai/gpt-4o`.
        case deployment(String)
        /// An access with all of its deployments, those to come included.
        case provider(String)
    }

    package var action: Action
    package var target: Target
    /// Why, for others; may be empty.
    package var reason: String
    /// Who ordered it, as far as that is known: an address, and what the program calls itself.
    package var author: String

    package init(_ action: Action, _ target: Target, reason: String = "", author: String = "") {
        self.action = action
        self.target = target
        self.reason = reason
        self.author = author
    }

    /// The longest reason, in bytes of UTF-8.
    static let reasonLimit = 500

    /// Reads the body of a request.
    ///
    /// - Throws: ``HealthOrderError/malformed(_:)``.
    init(_ action: Action, body: [UInt8], author: String) throws(HealthOrderError) {
        let fields: (deployment: String?, provider: String?, reason: String?)?
        do {
            fields = try body.withUnsafeBytes { bytes in
                try JSONIndexer().read(bytes) { json in
                    let known: Set<String> = ["deployment", "provider", "reason"]
                    let isClear =
                        json.kind == .object
                        && json.members.allSatisfy { member in
                            member.key.string.map(known.contains) == true && member.value.kind == .string
                        }
                    guard isClear else { return nil }
                    return (json["deployment"]?.string, json["provider"]?.string, json["reason"]?.string)
                }
            }
        } catch {
            throw .malformed("The body is not JSON.")
        }
        guard let fields else {
            throw .malformed("The body is an object with the texts deployment or provider, and reason.")
        }
        let reason = fields.reason ?? ""
        guard reason.utf8.count <= Self.reasonLimit else {
            throw .malformed("The reason has more than \(Self.reasonLimit) bytes.")
        }
        switch (fields.deployment, fields.provider) {
        case (let id?, nil): self.init(action, .deployment(id), reason: reason, author: author)
        case (nil, let name?): self.init(action, .provider(name), reason: reason, author: author)
        default: throw .malformed("Name either a deployment, such as openai/gpt-4o, or a provider.")
        }
    }
}

/// Why an order is not carried out.
package enum HealthOrderError: Error, Hashable {
    /// It cannot be read; says why.
    case malformed(String)
    /// There is nobody of that name; with those that are near.
    case unknown(HealthOrder.Target, near: [String])
    /// A deployment cannot be taken into use while its provider is out of use.
    case providerIsDrained(String)
    /// So many deployments are known that this one is not told from others.
    case notApart(String)

    /// The code in the error's body.
    var code: String {
        switch self {
        case .malformed: "invalid_order"
        case .unknown(.deployment, _): "unknown_deployment"
        case .unknown(.provider, _): "unknown_provider"
        case .providerIsDrained: "provider_is_drained"
        case .notApart: "too_many_deployments"
        }
    }

    /// What is wrong and what to do, in words.
    package var message: String {
        switch self {
        case .malformed(let words): words
        case .unknown(let target, let near):
            switch target {
            case .deployment(let id): "There is no deployment \(quoted(id)).\(Self.hint(near))"
            case .provider(let name): "There is no provider \(quoted(name)).\(Self.hint(near))"
            }
        case .providerIsDrained(let name): "The provider \(name) is out of use as a whole: resume the provider."
        case .notApart(let id):
            "\(quoted(id)) is not told from others of its provider: there are too many. Name the provider."
        }
    }

    private static func hint(_ near: [String]) -> String {
        near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
    }
}

/// A name as errors show it: not all of one that is absurdly long.
private func quoted(_ name: String) -> String { "\"\(name.prefix(200))\"" }
