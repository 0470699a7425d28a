extension Reader {
    /// The members of a mapping; none when there is nothing; nil after noting that it is something else.
    mutating func members(of node: SettingNode) -> [SettingNode.Member]? {
        switch node.content {
        case .map(let members): return members
        case .empty: return []
        case .scalar, .list:
            fail("expected a mapping of names to values, found \(node.found)", at: node.place)
            return nil
        }
    }

    /// Reads a group of fields.
    ///
    /// Whatever is wrong with some of them, the others are read too.
    mutating func section<Section: SettingsSection>(_ node: SettingNode) -> Section? {
        guard let members = members(of: node) else { return nil }
        var section = Section()
        let fields = Section.fields
        for member in members {
            guard let field = fields.first(where: { $0.shape.name == member.key }) else {
                let hint = unknownFieldHint(member.key, fields.map(\.shape))
                enter(member.key.shortened, at: nil)
                fail("there is no such field\(hint)", at: member.place)
                leave()
                continue
            }
            enter(member.key, at: member.place)
            if case .empty = member.value.content {
                // As if it were absent, so that a section may stand with all its fields commented out.
            } else {
                field.read(member.value, &section, &self)
            }
            leave()
        }
        for field in fields where field.shape.isRequired {
            let isGiven = members.contains { member in
                if case .empty = member.value.content { return false }
                return member.key == field.shape.name
            }
            guard !isGiven else { continue }
            enter(field.shape.name, at: nil)
            fail("this field is required here", at: node.place)
            leave()
        }
        return section
    }

    /// Replaces what environment variables set in a group of fields.
    mutating func overlay<Section: SettingsSection>(_ section: inout Section) {
        for field in Section.fields { field.overlay(&section, &self) }
    }

    /// What was probably meant: a similar field of this section, or the same field in another one.
    private func unknownFieldHint(_ name: String, _ fields: [FieldShape]) -> String {
        let names = fields.map(\.name)
        if let nearest = NearestName.nearest(to: name, among: names) { return "; did you mean \(nearest)?" }
        let elsewhere = isInMap ? [] : SectionShape.root.paths(named: name)
        if (1...3).contains(elsewhere.count) { return "; did you mean \(elsewhere.joined(separator: " or "))?" }
        return names.count <= 20 ? "; known are \(names.joined(separator: ", "))" : ""
    }
}

extension SectionShape {
    /// The whole file.
    static var root: SectionShape { SectionShape(summary: Settings.summary, fields: Settings.fields.map(\.shape)) }

    /// The paths of all fields of this name, outside maps.
    func paths(named name: String, below prefix: String = "") -> [String] {
        fields.flatMap { field -> [String] in
            let path = prefix + field.name
            let own = field.name == name ? [path] : []
            guard case .section(let section) = field.shape else { return own }
            return own + section.paths(named: name, below: path + ".")
        }
    }
}
