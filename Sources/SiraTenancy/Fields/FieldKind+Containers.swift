import SiraJSON

extension FieldKind {
    /// A list of so many values of one kind.
    package static func list<Element>(
        _ element: FieldKind<Element>,
        _ count: ClosedRange<Int> = 0...100
    ) -> Self where Value == [Element] {
        var kind = FieldKind(
            .list(element.shape, count),
            read: { json throws(FieldProblem) in
                guard json.kind == .array else { throw FieldProblem("", "must be a list") }
                var values: [Element] = []
                for (index, item) in json.elements.enumerated() {
                    guard index < count.upperBound else {
                        throw FieldProblem("", "must have at most \(count.upperBound) items")
                    }
                    do throws(FieldProblem) {
                        values.append(try element.read(item))
                    } catch {
                        throw error.inside("[\(index)]")
                    }
                }
                guard values.count >= count.lowerBound else {
                    throw FieldProblem("", "must have at least \(count.lowerBound) items")
                }
                return values
            },
            write: { values, json in
                json.array { for value in values { element.write(value, &$0) } }
            }
        )
        kind.references = { $0.flatMap(element.references) }
        return kind
    }
}

extension FieldKind where Value: FieldGroup {
    /// An object with the fields of the group.
    package static var object: Self {
        var kind = FieldKind(
            .object(Value.fields.map(\.outline)),
            read: { json throws(FieldProblem) in
                do throws(FieldProblems) {
                    return try Value.read(json)
                } catch {
                    throw error.problems.first ?? FieldProblem("", "is not understood")
                }
            },
            write: { value, json in json.object { value.write(to: &$0, showingSecrets: true) } }
        )
        kind.references = { value in Value.fields.flatMap { $0.references(value) } }
        return kind
    }
}
