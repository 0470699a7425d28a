package import SiraJSON

/// A value that is described field by field: reading, changing, writing, schemas and help follow from one list.
package protocol FieldGroup: Hashable, Sendable {
    /// The defaults.
    init()
    @GroupFields<Self> static var fields: [GroupField<Self>] { get }
    /// What is wrong with fields that are fine one by one.
    var contradictions: [FieldProblem] { get }
}

extension FieldGroup {
    /// What is shown in place of a secret.
    package static var veil: String { "•••" }

    package var contradictions: [FieldProblem] { [] }

    /// Reads a new value; fields that are not there keep their defaults.
    ///
    /// - Throws: all that is wrong; fields that nobody knows too, so that a typing error is not taken for a default.
    package static func read(_ json: JSONValue) throws(FieldProblems) -> Self {
        try Self().merged(with: json, isNew: true)
    }

    /// The value with the fields of a merge patch (RFC 7396): those that are there replace, null takes away.
    package func patched(with json: JSONValue) throws(FieldProblems) -> Self {
        try merged(with: json, isNew: false)
    }

    private func merged(with json: JSONValue, isNew: Bool) throws(FieldProblems) -> Self {
        guard json.kind == .object else { throw FieldProblems([FieldProblem("", "must be a JSON object")]) }
        let fields = Self.fields
        var value = self
        var problems: [FieldProblem] = []
        var missing = Set(isNew ? fields.filter(\.outline.isRequired).map(\.outline.name) : [])
        for (key, json) in json.members {
            let name = key.string ?? ""
            guard let field = fields.first(where: { $0.outline.name == name }) else {
                let known = fields.map(\.outline.name).joined(separator: ", ")
                problems.append(FieldProblem(name, "is not a field here; there are \(known)"))
                continue
            }
            missing.remove(name)
            // Who sends back what was shown means the secret that is there.
            if !isNew, field.outline.isSecret, json.string == Self.veil { continue }
            let before = value
            do throws(FieldProblem) {
                try field.read(json, &value)
            } catch {
                problems.append(error.inside(name))
            }
            if !isNew, field.outline.isFixed, value != before {
                problems.append(FieldProblem(name, "cannot be changed"))
            }
        }
        for name in missing.sorted() { problems.append(FieldProblem(name, "is missing")) }
        if problems.isEmpty { problems = value.contradictions }
        guard problems.isEmpty else { throw FieldProblems(problems) }
        return value
    }

    /// Writes the fields as members of an object.
    ///
    /// - Parameter showingSecrets: for the store; otherwise it is only told whether there are any.
    package func write(to json: inout JSONWriter, showingSecrets: Bool) {
        for field in Self.fields {
            json.key(dynamic: field.outline.name)
            if field.outline.isSecret, !showingSecrets {
                if field.isAbsent(self) { json.null() } else { json.element(Self.veil) }
            } else {
                field.write(self, &json)
            }
        }
    }

    /// What differs, for the audit trail: an object of field → `[before, after]`, secrets only as such.
    ///
    /// - Parameters: nil for a thing that is made, or removed.
    package static func changes(from old: Self?, to new: Self?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            for field in fields {
                let (before, after) = (field.shown(old), field.shown(new))
                guard before != after else { continue }
                json.key(dynamic: field.outline.name)
                json.array {
                    // What changed of a secret is not told.
                    let isTold = !field.outline.isSecret
                    $0.element(
                        RawJSON(
                            bytes: isTold || before == GroupField<Self>.nothing ? before : Array("\"\(veil)\"".utf8)
                        )
                    )
                    $0.element(
                        RawJSON(bytes: isTold || after == GroupField<Self>.nothing ? after : Array("\"\(veil)\"".utf8))
                    )
                }
            }
        }
        return json.bytes
    }

    /// The value as a JSON object for the store.
    package var stored: [UInt8] {
        var json = JSONWriter()
        json.object { write(to: &$0, showingSecrets: true) }
        return json.bytes
    }
}

/// One field of a group.
package struct GroupField<Group: Sendable>: Sendable {
    package let outline: FieldOutline
    let read: @Sendable (JSONValue, inout Group) throws(FieldProblem) -> Void
    let write: @Sendable (Group, inout JSONWriter) -> Void
    let isAbsent: @Sendable (Group) -> Bool
    package let references: @Sendable (Group) -> [ResourceReference]

    /// What stands for a value that is not there.
    static var nothing: [UInt8] { Array("null".utf8) }

    /// The field's value as JSON; null where there is no group.
    func shown(_ group: Group?) -> [UInt8] {
        guard let group else { return Self.nothing }
        var json = JSONWriter()
        write(group, &json)
        return json.bytes
    }

    /// A field that always has a value.
    package init<Value>(
        _ name: String,
        _ property: any WritableKeyPath<Group, Value> & Sendable,
        _ kind: FieldKind<Value>,
        isRequired: Bool = false,
        isFixed: Bool = false,
        isSecret: Bool = false,
        _ summary: String
    ) where Group: FieldGroup {
        outline = FieldOutline(
            name: name,
            summary: summary,
            shape: kind.shape,
            isRequired: isRequired,
            isOptional: false,
            isFixed: isFixed,
            isSecret: isSecret
        )
        read = { json, group throws(FieldProblem) in
            if json.isNull {
                guard !isRequired else { throw FieldProblem("", "must not be null") }
                group[keyPath: property] = Group()[keyPath: property]
            } else {
                group[keyPath: property] = try kind.read(json)
            }
        }
        write = { kind.write($0[keyPath: property], &$1) }
        isAbsent = { _ in false }
        references = { kind.references($0[keyPath: property]) }
    }

    /// A field that may have none.
    package init<Value>(
        _ name: String,
        _ property: any WritableKeyPath<Group, Value?> & Sendable,
        _ kind: FieldKind<Value>,
        isFixed: Bool = false,
        isSecret: Bool = false,
        _ summary: String
    ) {
        outline = FieldOutline(
            name: name,
            summary: summary,
            shape: kind.shape,
            isRequired: false,
            isOptional: true,
            isFixed: isFixed,
            isSecret: isSecret
        )
        read = { json, group throws(FieldProblem) in
            group[keyPath: property] = json.isNull ? nil : try kind.read(json)
        }
        write = { group, json in
            if let value = group[keyPath: property] { kind.write(value, &json) } else { json.null() }
        }
        isAbsent = { $0[keyPath: property] == nil }
        references = { $0[keyPath: property].map(kind.references) ?? [] }
    }
}

/// Makes a list of the fields that are written one below the other.
@resultBuilder package enum GroupFields<Group: Sendable> {
    package static func buildExpression(_ field: GroupField<Group>) -> GroupField<Group> { field }
    package static func buildBlock(_ fields: GroupField<Group>...) -> [GroupField<Group>] { fields }
}
