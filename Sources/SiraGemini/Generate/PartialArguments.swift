internal import SiraJSON

/// The arguments of a call that come in pieces, each with its place as a JSON path such as `$.days[0].name`.
///
/// https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
struct PartialArguments {
    private var root = Node.object([])
    /// Bytes of pieces and paths so far.
    private var size = 0

    /// Pieces beyond this, in bytes, are passed over: no stream is collected whole.
    private static let largest = 1 << 22
    /// The most elements of a list, and members of an object.
    private static let mostElements = 4_096

    private indirect enum Node {
        case object([(key: String, value: Node)])
        case list([Node])
        case text(String)
        case raw(RawJSON)
    }

    private enum Step {
        case key(String)
        case index(Int)
    }

    mutating func take(_ json: JSONValue) {
        guard let path = json["jsonPath"]?.string, let steps = Self.steps(path) else { return }
        let value: Node
        if let text = json["stringValue"]?.string {
            value = .text(text)
        } else if let number = json.present("numberValue") {
            value = .raw(number.rawJSON)
        } else if let flag = json.present("boolValue") {
            value = .raw(flag.rawJSON)
        } else if json["nullValue"] != nil {
            value = .raw(RawJSON("null"))
        } else {
            return
        }
        size += path.utf8.count + (json["stringValue"]?.raw.count ?? 8)
        guard size <= Self.largest else { return }
        Self.put(value, at: steps[...], in: &root)
    }

    var json: RawJSON {
        var writer = JSONWriter(capacity: 128)
        Self.write(root, into: &writer)
        return RawJSON(bytes: writer.bytes)
    }

    /// Puts a value in its place.
    ///
    /// Nodes are taken out while they change, so that they are not copied.
    private static func put(_ value: Node, at steps: ArraySlice<Step>, in node: inout Node) {
        let nothing = Node.list([])
        guard let step = steps.first else {
            guard case .text(var text) = node, case .text(let more) = value else {
                node = value
                return
            }
            // A text goes on from piece to piece.
            node = nothing
            text += more
            node = .text(text)
            return
        }
        switch step {
        case .key(let key):
            var members: [(key: String, value: Node)] = []
            if case .object(let known) = node { members = known }
            node = nothing
            let index = members.lastIndex { $0.key == key } ?? members.count
            if index == members.count, index < mostElements { members.append((key, nothing)) }
            if index < members.count { put(value, at: steps.dropFirst(), in: &members[index].value) }
            node = .object(members)
        case .index(let index):
            var elements: [Node] = []
            if case .list(let known) = node { elements = known }
            node = nothing
            // Lists grow at their end.
            if index == elements.count, index < mostElements { elements.append(nothing) }
            if index < elements.count { put(value, at: steps.dropFirst(), in: &elements[index]) }
            node = .list(elements)
        }
    }

    private static func write(_ node: Node, into json: inout JSONWriter) {
        switch node {
        case .object(let members):
            json.object {
                for (key, value) in members {
                    $0.key(dynamic: key)
                    write(value, into: &$0)
                }
            }
        case .list(let elements):
            json.array {
                for element in elements { write(element, into: &$0) }
            }
        case .text(let text): json.element(text)
        case .raw(let raw): json.element(raw)
        }
    }

    /// Reads a path: `$`, then `.name`, `['name']` or `[0]` (RFC 9535); nil when it is none, or deeper than anyone means.
    private static func steps(_ path: String) -> [Step]? {
        guard path.first == "$" else { return nil }
        var rest = path.dropFirst()
        var steps: [Step] = []
        while let first = rest.first {
            guard steps.count < 64 else { return nil }
            rest = rest.dropFirst()
            if first == "." {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(.key(String(name)))
                rest = rest[name.endIndex...]
            } else if first == "[", let close = rest.firstIndex(of: "]") {
                let inner = rest[..<close]
                if let quote = inner.first, quote == "'" || quote == "\"" {
                    steps.append(.key(String(inner.dropFirst().dropLast())))
                } else if let index = Int(inner), (0..<mostElements).contains(index) {
                    steps.append(.index(index))
                } else {
                    return nil
                }
                rest = rest[rest.index(after: close)...]
            } else {
                return nil
            }
        }
        return steps
    }
}
