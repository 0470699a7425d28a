package import SiraCore
package import SiraStorage
package import SiraWire

/// What is asked about things that providers keep for their clients: files, and batches of requests.
package struct KeptThing: Hashable, Sendable {
    /// What is to happen.
    package enum Action: Hashable, Sendable {
        case create
        case list
        case read(String)
        case content(String)
        case cancel(String)
        case delete(String)
    }

    package let kind: OwnedObject.Kind
    package let action: Action

    package init(_ kind: OwnedObject.Kind, _ action: Action) {
        self.kind = kind
        self.action = action
    }

    /// Reads method and path; nil when the path is not about such things.
    ///
    /// - Throws: `methodNotAllowed`, or `unknownPath` when there is more behind the path than there should be.
    package init?(method: String, path: String) throws(GatewayError) {
        let kind: OwnedObject.Kind
        let rest: Substring
        switch path {
        case _ where path.hasPrefix("/v1/files"): (kind, rest) = (.file, path.dropFirst("/v1/files".count))
        case _ where path.hasPrefix("/v1/batches"): (kind, rest) = (.batch, path.dropFirst("/v1/batches".count))
        default: return nil
        }
        guard rest.isEmpty || rest.first == "/" else { return nil }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.allSatisfy(Self.isName) else { return nil }
        let action: Action?
        switch (kind, method, parts.first, parts.dropFirst().first) {
        case (_, "POST", nil, nil): action = .create
        case (_, "GET", nil, nil): action = .list
        case (_, "GET", let id?, nil): action = .read(String(id))
        case (.file, "DELETE", let id?, nil): action = .delete(String(id))
        case (.file, "GET", let id?, "content"?): action = .content(String(id))
        case (.batch, "POST", let id?, "cancel"?): action = .cancel(String(id))
        default: action = nil
        }
        guard let action, parts.count <= 2 else {
            guard parts.count <= 1 || ["content", "cancel"].contains(parts.last) else { return nil }
            throw GatewayError(.methodNotAllowed, "\(path.prefix(200)) does not take \(method).")
        }
        self.init(kind, action)
    }

    /// The id of the thing; nil where there is none yet, or many.
    package var id: String? {
        switch action {
        case .create, .list: nil
        case .read(let id), .content(let id), .cancel(let id), .delete(let id): id
        }
    }

    /// Whether it comes as a form with the thing in it.
    package var isUpload: Bool { kind == .file && action == .create }

    /// Whether an answer may say nothing of the thing.
    var mayBeAnsweredBriefly: Bool {
        switch action {
        case .cancel, .delete: true
        case .create, .list, .read, .content: false
        }
    }

    /// What the ledger calls it.
    package var operation: Operation {
        switch kind {
        case .file: .file
        case .batch: .batch
        }
    }

    /// The thing's path at its provider.
    ///
    /// - Parameters:
    ///   - path: that of all such things, perhaps with a query.
    ///   - query: what the client asks besides; empty for nothing.
    func path(behind path: String, query: String) -> String {
        let parts = path.split(separator: "?", maxSplits: 1)
        let ending =
            switch action {
            case .create, .list: ""
            case .read(let id), .delete(let id): "/\(id)"
            case .content(let id): "/\(id)/content"
            case .cancel(let id): "/\(id)/cancel"
            }
        let queries = parts.dropFirst().map(String.init) + (query.isEmpty ? [] : [query])
        return (parts.first ?? "") + ending + (queries.isEmpty ? "" : "?" + queries.joined(separator: "&"))
    }

    /// Ids go into paths, so that they may hold nothing that means something there.
    private static func isName(_ text: Substring) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy(mayBeInName)
    }

    static func mayBeInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
