internal import CSimdJSON

extension JSONValue {
    /// Calls `body` for every string inside the value that is at least so long, in the order of the text.
    ///
    /// Looks at each node once and at no byte of the text.
    ///
    /// - Parameters:
    ///   - length: in bytes of the text, without the quotes.
    ///   - skipped: names of members into which is not looked, whatever they are.
    ///   - body: is given the key of the member that the string is; nil where it is in an array.
    package func forEachString(
        ofAtLeast length: Int,
        outside skipped: [StaticString] = [],
        _ body: (_ key: JSONValue?, _ value: JSONValue) -> Void
    ) {
        var next = index
        while next < Int(nodes[index].next) {
            let at = next
            next += 1
            let node = nodes[at]
            if !skipped.isEmpty, sira_json_kind(UInt32(node.kind)) == SIRA_JSON_KEY {
                let key = JSONValue(text: text, nodes: nodes, index: at)
                // A member's value comes right after its key.
                if skipped.contains(where: { key.isString($0) }) { next = Int(nodes[at + 1].next) }
                continue
            }
            guard sira_json_kind(UInt32(node.kind)) == SIRA_JSON_STRING, Int(node.end - node.start) - 2 >= length else {
                continue
            }
            let isMember = at > index && sira_json_kind(UInt32(nodes[at - 1].kind)) == SIRA_JSON_KEY
            body(
                isMember ? JSONValue(text: text, nodes: nodes, index: at - 1) : nil,
                JSONValue(text: text, nodes: nodes, index: at)
            )
        }
    }
}
