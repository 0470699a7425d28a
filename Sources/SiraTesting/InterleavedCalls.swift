package import SiraWire

/// An answer whose calls of tools, and texts, come in pieces by turns, at random.
package struct InterleavedCalls {
    /// The part of the first text; calls have lesser numbers.
    package static let firstText = 100

    package private(set) var events: [AnswerEvent] = []
    /// The arguments of each call, in the order of their parts.
    package private(set) var arguments: [String] = []
    /// All texts, in their order.
    package private(set) var text = ""

    package init(using random: inout SeededRandom) {
        var queues: [[AnswerEvent]] = []
        for part in 0..<Int.random(in: 1...4, using: &random) {
            let body = #"{"n":\#(part),"s":"} \" [\#(Int.random(in: 0...99, using: &random))","a":[{}]}"#
            arguments.append(body)
            var queue = [AnswerEvent.toolCall(part: part, id: "id\(part)", name: "f\(part)")]
            var rest = body[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...9, using: &random))
                rest = rest.dropFirst(piece.count)
                queue.append(.toolArguments(part: part, String(piece)))
            }
            queues.append(queue)
        }
        // Each call begins before the next one, and goes on when it likes.
        var begun = 1
        var texts = Int.random(in: 0...3, using: &random)
        while queues.contains(where: { !$0.isEmpty }) {
            if texts > 0, Bool.random(using: &random) {
                texts -= 1
                text += "t\(texts)"
                events.append(.text(part: Self.firstText + Int.random(in: 0...1, using: &random), "t\(texts)"))
            }
            if begun < queues.count, Bool.random(using: &random) { begun += 1 }
            let open = queues.indices.prefix(begun).filter { !queues[$0].isEmpty }
            guard let index = open.randomElement(using: &random) else {
                begun += 1
                continue
            }
            events.append(queues[index].removeFirst())
        }
    }
}
