/// One value that a layer sets, and the field that it is for.
struct LayerLeaf {
    /// Such as `providers.openai.keys[0]`.
    var path: String
    /// Of the section that the field is in, such as `providers.openai`.
    var section: String
    var value: LayerValue
    /// The field; nil where there is none of that name.
    var field: FieldShape?
    /// What stands there where all is well; nil where nothing is known of it.
    var shape: Shape?
    /// All fields of the section.
    var siblings: [FieldShape] = []
    var isSecret = false
    /// Whether it is an entry of a map or in one.
    var isInEntry = false
    /// The field, or one around it, that only the file can set, and why.
    var lock: Lock?

    /// Why a field is the file's alone.
    enum Lock: Hashable {
        case restart, file
    }
}

extension SettingsLayer {
    /// All values that it sets.
    var leaves: [LayerLeaf] {
        var leaves: [LayerLeaf] = []
        Self.gather(root, .section(.root), LayerLeaf(path: "", section: "", value: root), into: &leaves)
        return leaves
    }

    private static func gather(
        _ value: LayerValue,
        _ shape: Shape?,
        _ place: LayerLeaf,
        into leaves: inout [LayerLeaf]
    ) {
        var place = place
        place.value = value
        switch (value, shape) {
        case (_, .either(let one, let other)):
            // One of the two is a section, and the other what is written on one line.
            let isObject = if case .object = value { true } else { false }
            gather(value, (one.inner != nil) == isObject ? one : other, place, into: &leaves)
        case (.object(let members), .section(let section)) where !members.isEmpty || place.path.isEmpty:
            for member in members {
                let field = section.fields.first { $0.name == member.key }
                var inner = LayerLeaf(path: place.path.child(member.key), section: place.path, value: member.value)
                (inner.field, inner.siblings) = (field, section.fields)
                inner.lock = place.lock ?? field?.lock
                inner.isInEntry = place.isInEntry
                gather(member.value, field?.shape, inner, into: &leaves)
            }
        case (.object(let members), .map(_, let entry)) where !members.isEmpty:
            for member in members {
                var inner = place
                (inner.path, inner.isInEntry) = (place.path.child(member.key), true)
                gather(member.value, entry, inner, into: &leaves)
            }
        case (.object(let members), _) where !members.isEmpty:
            // What is no section should be none; who reads it says so, and no secret is overlooked here.
            for member in members {
                var inner = place
                inner.path = place.path.child(member.key)
                gather(member.value, shape, inner, into: &leaves)
            }
        case (.list(let elements), _) where !elements.isEmpty:
            let element: Shape? = if case .list(let element)? = shape { element } else { shape }
            for (index, value) in elements.enumerated() {
                var inner = place
                inner.path += "[\(index)]"
                gather(value, element, inner, into: &leaves)
            }
        default:
            if case .scalar(let scalar)? = shape { place.isSecret = scalar.isSecret }
            place.shape = shape
            leaves.append(place)
        }
    }
}

extension LayerLeaf {
    /// The fields that only the file can set and that go with what the value takes the place of.
    ///
    /// - Parameter file: what the file says.
    func replacedLocks(in file: SettingNode) -> [(path: String, lock: Lock)] {
        if case .object = value { return [] }
        return shape?.locks(at: path, in: file.at(path), isInEntry: isInEntry) ?? []
    }
}

extension Shape {
    /// The fields in it that only the file can set; of the entries of a map those that the file has.
    fileprivate func locks(
        at path: String,
        in node: SettingNode?,
        isInEntry: Bool
    ) -> [(path: String, lock: LayerLeaf.Lock)] {
        switch self {
        case .section(let section):
            section.fields.flatMap { field -> [(path: String, lock: LayerLeaf.Lock)] in
                let (path, node) = (path.child(field.name), node?[field.name])
                if isInEntry, node == nil { return [] }
                if let lock = field.lock { return [(path, lock)] }
                return field.shape.locks(at: path, in: node, isInEntry: isInEntry)
            }
        case .map(_, let entry):
            (node?.members ?? []).flatMap {
                entry.locks(at: path.child($0.key), in: $0.value, isInEntry: true)
            }
        case .scalar, .list, .either: []
        }
    }
}

extension FieldShape {
    /// Why the file alone can set the field; nil where others can.
    var lock: LayerLeaf.Lock? { isFileOnly ? .file : needsRestart ? .restart : nil }
}
