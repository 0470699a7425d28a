extension Kind {
    /// A list whose elements are all of one kind.
    ///
    /// - Parameters:
    ///   - count: how many elements it may have.
    ///   - name: what no two elements may share; nil where it does not matter.
    static func list<Element>(
        of element: Kind<Element>,
        count: ClosedRange<Int> = 0 ... .max,
        distinctBy name: (@Sendable (Element) -> String)? = nil
    ) -> Kind where Value == [Element] {
        Kind(
            shape: .list(element.shape),
            read: { node, reader in
                guard case .list(let nodes) = node.content else {
                    reader.fail("expected a list, found \(node.found)", at: node.place)
                    return nil
                }
                guard count.contains(nodes.count) else {
                    let wanted =
                        count.lowerBound == count.upperBound
                        ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
                    let found = nodes.isEmpty ? "an empty one" : "one of \(nodes.count)"
                    reader.fail("expected a list of \(wanted), found \(found)", at: node.place)
                    return nil
                }
                var values: [Element] = []
                var seen: Set<String> = []
                for (index, node) in nodes.enumerated() {
                    reader.enter("[\(index)]", at: node.place)
                    defer { reader.leave() }
                    guard let value = element.read(node, &reader) else { continue }
                    if let name = name?(value), !seen.insert(name).inserted {
                        reader.fail("\"\(name.shortened)\" is given twice", at: node.place)
                    }
                    values.append(value)
                }
                return values
            },
            write: { values in
                let texts = values.map(element.write)
                guard !texts.contains(nil) else { return nil }
                return "[" + texts.compactMap { $0 }.joined(separator: ", ") + "]"
            }
        )
    }

    /// A list in which order and repetition mean nothing.
    static func set<Element>(of element: Kind<Element>) -> Kind where Value == Set<Element> {
        let list = Kind<[Element]>.list(of: element)
        return Kind(
            shape: list.shape,
            read: { node, reader in list.read(node, &reader).map(Set.init) },
            write: { values in list.write(Array(values)) }
        )
    }

    /// Named entries of one kind.
    ///
    /// - Parameters:
    ///   - key: what the names are, for documents, such as `id`.
    ///   - name: makes a name of what is written, or refuses it.
    static func map<Entry>(
        _ key: String,
        of entry: Kind<Entry>,
        name: @escaping @Sendable (String) throws(Refusal) -> String
    ) -> Kind where Value == [String: Entry] {
        Kind(
            shape: .map(key: key, entry.shape),
            read: { node, reader in
                guard let members = reader.members(of: node) else { return nil }
                var values: [String: Entry] = [:]
                for member in members {
                    reader.enter(member.key, at: member.place)
                    defer { reader.leave() }
                    do throws(Refusal) {
                        let name = try name(member.key)
                        guard values[name] == nil else { throw Refusal("is given twice") }
                        if let value = entry.read(member.value, &reader) { values[name] = value }
                    } catch {
                        reader.fail("\"\(member.key.shortened)\" \(error.reason)", at: member.place)
                    }
                }
                return values
            },
            write: { values in values.isEmpty ? "{}" : nil }
        )
    }

    /// A group of fields.
    static func section(_ type: Value.Type = Value.self) -> Kind where Value: SettingsSection {
        Kind(
            shape: .section(SectionShape(summary: Value.summary, fields: Value.fields.map(\.shape))),
            read: { node, reader in reader.section(node) },
            write: { _ in nil },
            overlay: { value, reader in reader.overlay(&value) },
            restartDifferences: { old, new, path in
                Value.fields.flatMap { $0.restartDifferences(old, new, path) }
            },
            keepRunning: { new, running in
                for field in Value.fields { field.keepRunning(&new, running) }
            }
        )
    }
}
