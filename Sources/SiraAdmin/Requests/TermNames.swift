import SiraCore
import SiraStorage
import SiraTenancy

/// What tenants and keys are called, for queries that name them so: the ledger has their ids.
///
/// Of tenants and keys that the author cannot see no name is known.
struct TermNames {
    /// Ids of one kind, each with the name it goes by now, in lower case.
    private typealias Names = [(id: String, name: String)]

    /// The most that a pattern may stand for.
    private static let most = 5_000

    private let kinds: [RequestTerm.TextField: (kind: ResourceKind, names: Names)]

    /// - Parameter terms: those that are to be resolved; what none of them needs is not looked up.
    init(for terms: [RequestTerm], _ author: Author, _ source: ReportSource) async throws {
        var kinds: [RequestTerm.TextField: (kind: ResourceKind, names: Names)] = [:]
        let fields = Set(terms.compactMap(\.namedField))
        let book = try await source.desk.book()
        func visible(_ all: [(String, String, Scope)]) -> Names {
            all.filter { author.authority.allows(RequestQuestion.permission, in: book.lineage(of: $0.2)) }
                .map { ($0.0, $0.1.asciiLowercased) }
        }
        for field in fields {
            switch field {
            case .organization:
                let all = book.organizations.map { ($0.key, $0.value.name, Scope(.organization, $0.key)) }
                kinds[field] = (.organization, visible(all))
            case .team:
                kinds[field] = (.team, visible(book.teams.map { ($0.key, $0.value.name, Scope(.team, $0.key)) }))
            case .project:
                let all = book.projects.map { ($0.key, $0.value.name, Scope(.project, $0.key)) }
                kinds[field] = (.project, visible(all))
            default:
                let all = try await source.keys.allKeys().map { key in
                    (key.id, key.name, key.project.isEmpty ? Scope.gateway : Scope(.project, key.project))
                }
                kinds[field] = (.key, visible(all))
            }
        }
        self.kinds = kinds
    }

    /// The same term with ids in place of names.
    func resolved(_ term: RequestTerm) throws(RequestQueryError) -> RequestTerm {
        var term = term
        switch term.test {
        case .anywhere(let text, _):
            let part = text.asciiLowercased
            let keys = (kinds[.key]?.names ?? []).filter { $0.name.contains(part) }.map(\.id)
            guard keys.count <= Self.most else {
                throw RequestQueryError("“\(text)” is a part of the names of more than \(Self.most) keys.")
            }
            term.test = .anywhere(text, keys: keys)
        case .text(let field, let choices):
            guard let (kind, names) = kinds[field] else { break }
            var ids: [String] = []
            for choice in choices { ids += try Self.ids(choice, field, kind, names) }
            guard ids.count <= Self.most else {
                throw RequestQueryError("“\(field.rawValue):” stands for more than \(Self.most) names here.")
            }
            term.test = .text(field, ids)
        default: break
        }
        return term
    }

    /// The one key that is there and that terms leave, so that no line of another has to be looked at.
    func visibleKey(in terms: [RequestTerm]) -> String? {
        for term in terms where !term.isNegated {
            if case .text(.key, let choices) = term.test, choices.count == 1,
                kinds[.key]?.names.contains(where: { $0.id == choices[0] }) == true
            {
                return choices[0]
            }
        }
        return nil
    }

    private static func ids(
        _ choice: String,
        _ field: RequestTerm.TextField,
        _ kind: ResourceKind,
        _ names: Names
    ) throws(RequestQueryError) -> [String] {
        // What is gone has no name any more, and still has its id; and all names are as a star alone says.
        if choice.allSatisfy({ $0 == "*" }) || kind.isID(choice) { return [choice] }
        let wanted = choice.asciiLowercased
        // A pattern may be one of ids.
        if choice.contains("*") { return [choice] + names.filter { wanted.matches($0.name) }.map(\.id) }
        let ids = names.filter { $0.id == choice || $0.name == wanted }.map(\.id)
        guard !ids.isEmpty else {
            throw RequestQueryError(
                "“\(field.rawValue):\(choice)” is the name or id of no \(kind.noun) that you can see."
            )
        }
        return ids
    }
}

extension RequestTerm {
    /// What has to be looked up for it.
    fileprivate var namedField: TextField? {
        switch test {
        case .text(let field, _): [.organization, .team, .project, .key].contains(field) ? field : nil
        case .anywhere: .key
        default: nil
        }
    }
}

extension String {
    /// Whether a name is as this pattern says, in which `*` stands for anything.
    fileprivate func matches(_ name: String) -> Bool {
        let parts = split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
