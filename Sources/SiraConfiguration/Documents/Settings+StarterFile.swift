extension Settings {
    /// A file with every field commented out: its description, and its default or an example.
    ///
    /// Read as it is, it gives the defaults. `sira init` writes it.
    package static var starterFile: String {
        var lines = [
            "# yaml-language-server: $schema=sira.schema.json",
            "#",
            "# Settings of Sira. Everything here is optional: what is commented out shows the default, or an example",
            "# where there is none. Remove the # before a field to set it. `sira check` tells what is wrong.",
        ]
        for field in SectionShape.root.fields {
            lines.append("")
            field.write(indent: "", isExample: false, into: &lines)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension FieldShape {
    /// Appends the field: sections stand as they are, because an empty one is as good as none; everything else, and
    /// all that is inside an example, is commented out.
    fileprivate func write(indent: String, isExample: Bool, into lines: inout [String]) {
        guard let inner = shape.inner else {
            // A field that has nothing to show would only be noise.
            guard let value = shownValue else { return }
            describe(indent: indent, into: &lines)
            lines.append("\(indent)#\(name): \(value)")
            return
        }
        describe(indent: indent, into: &lines)
        lines.append("\(indent)\(isExample ? "#" : "")\(name):")
        var deeper = indent + "  "
        if inner.key != nil, let example {
            lines.append("\(deeper)#\(example):")
            deeper += "  "
        }
        for field in inner.section.fields {
            field.write(indent: deeper, isExample: isExample || inner.key != nil, into: &lines)
        }
    }

    /// The default where it tells something, or an example.
    private var shownValue: String? {
        guard let defaultText, !["", "\"\"", "[]", "{}"].contains(defaultText) else { return example }
        return defaultText
    }

    private func describe(indent: String, into lines: inout [String]) {
        var text = summary
        if let absent { text += " Default: \(absent)." }
        if let variable { text += " Environment: \(variable)." }
        for line in text.wrapped(at: 98 - indent.count) { lines.append("\(indent)# \(line)") }
    }
}

extension String {
    /// The words on lines of at most `width` characters, where a word allows it.
    fileprivate func wrapped(at width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
