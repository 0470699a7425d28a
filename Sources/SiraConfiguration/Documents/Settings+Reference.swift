extension Settings {
    /// The description of every field for people: `docs/configuration.md`.
    package static var referenceMarkdown: String {
        var text = introduction
        SectionShape.root.describe(path: "", into: &text)
        while text.hasSuffix("\n\n") { text.removeLast() }
        return text
    }

    private static let introduction = """
        # Configuration

        <!-- Generated from the fields' own descriptions in Sources/SiraConfiguration. Do not edit. -->

        Sira reads `sira.yaml` in the working directory, or the file that `--config` or `SIRA_CONFIG` names. Every field
        may be left out, and so may the file. `sira init` writes a file with all fields and their defaults, commented
        out; `sira check` says what is wrong with a file, all of it at once, with line and column.

        The file is read again when it changes and on `SIGHUP`. If there is a mistake in it, the gateway goes on with
        what it had and logs the mistake. Fields marked ↻ take effect only after a restart.

        ## How values are written

        | Kind | Written as |
        | --- | --- |
        | duration | `250ms`, `10s`, `5m`, `1h30m`, `2d` |
        | size | `20 MB` (powers of 1000), `512 KiB` (powers of 1024), or a number of bytes |
        | host:port | `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every IPv4 address of the machine |
        | share | `5%` or `0.05` |
        | dollars | `2.50`, read as an exact decimal number with at most nine digits after the point |
        | path | relative paths begin at the directory of the configuration file |
        | secret | the text itself, `${NAME}`, or `file:/path` for what a file holds |

        `${NAME}` in any value is replaced by the environment variable, `${NAME:-default}` by the default where the
        variable is unset or empty. A variable that is not set and has no default is an error. `$${` is a plain `${`.
        Environment variables that are named below go before the file.

        ## Environment

        | Variable | Sets |
        | --- | --- |
        | `SIRA_CONFIG` | the configuration file |
        | `SIRA_API_ADDRESS`, `SIRA_ADMIN_ADDRESS` | `server.address`, `admin.address` |
        | `SIRA_ADMIN_TOKEN` | `admin.token` |
        | `SIRA_DATA_DIR` | `storage.directory` |
        | `SIRA_LOG_LEVEL` | `logging.level` |
        | `OPENAI_API_KEY` and the like | a provider's key, which switches it on; `sira providers --all` lists them |
        | `OPENAI_BASE_URL`, `<ID>_BASE_URL` | the base URL of a provider, where the file gives none |
        | `HTTPS_PROXY`, `NO_PROXY` | the proxy to providers that are reached by `https`, and the hosts that need none |

        ## The file

        YAML's anchors, aliases and `<<` work. A field that is given twice is an error, and so is one that Sira does not
        know. Editors that know JSON Schema check the file as you write, with this as its first line and a copy of
        `docs/sira.schema.json` beside it:

            # yaml-language-server: $schema=sira.schema.json


        """
}

extension SectionShape {
    /// Appends a heading and a table of the section's own fields, then each section inside.
    fileprivate func describe(path: String, into text: inout String) {
        if !path.isEmpty { text += "## `\(path)`\n\n\(summary)\n\n" }
        let own = fields.filter { $0.shape.inner == nil }
        if !own.isEmpty, !path.isEmpty {
            text += "| Field | Value | Default | |\n| --- | --- | --- | --- |\n"
            for field in own { text += field.row }
            text += "\n"
        }
        for field in fields {
            let name = path.isEmpty ? field.name : "\(path).\(field.name)"
            if case .list(.section(let element)) = field.shape {
                element.describe(path: "\(name)[]", into: &text)
                continue
            }
            guard let inner = field.shape.inner else {
                if path.isEmpty { text += "## `\(name)`\n\n\(field.summary)\n\n\(field.sample(name))" }
                continue
            }
            let section = SectionShape(summary: field.remark, fields: inner.section.fields)
            section.describe(path: inner.key.map { "\(name).<\($0)>" } ?? name, into: &text)
        }
    }
}

extension Shape {
    /// The section that this is, or that the entries of this map are; `key` says what the map's names are.
    var inner: (section: SectionShape, key: String?)? {
        switch self {
        case .section(let section): (section, nil)
        case .map(let key, .section(let section)): (section, key)
        case .scalar, .list, .map, .either: nil
        }
    }

    /// What people call it.
    fileprivate var label: String {
        switch self {
        case .scalar(let scalar): scalar.label
        case .list(.section): "list, see below"
        case .list(.scalar(let scalar)) where !scalar.label.contains("|"): "list of \(scalar.label)s"
        case .list(let element): "list of \(element.label)"
        case .map(let key, let entry): "\(key): \(entry.label)"
        case .section(let section):
            "{" + section.fields.map { "\($0.name): \($0.shape.label)" }.joined(separator: ", ") + "}"
        case .either(let one, let other): "\(one.label), or \(other.label)"
        }
    }
}

extension FieldShape {
    /// The field as a line of a table.
    fileprivate var row: String {
        let mark = (needsRestart ? " ↻" : "") + (isRequired ? " (required)" : "")
        let value = shape.label.replacing("|", with: "\\|")
        let fallback = defaultText.map { $0.isEmpty || $0 == "\"\"" ? "" : "`\($0)`" } ?? absent ?? ""
        return "| `\(name)`\(mark) | \(value) | \(fallback) | \(remark) |\n"
    }

    /// The summary, and the variable that goes before the file.
    fileprivate var remark: String {
        var text = summary
        if let absent, shape.inner != nil { text += " When left out: \(absent)." }
        if needsRestart, shape.inner != nil { text += " ↻" }
        return text + (variable.map { " Environment: `\($0)`." } ?? "")
    }

    /// A field of the root with an example, for those that are no section.
    fileprivate func sample(_ path: String) -> String {
        example.map { "    \(path): \($0)\n\n" } ?? ""
    }
}
