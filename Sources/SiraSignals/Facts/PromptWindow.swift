import SiraWire

/// The little of a prompt that is looked at, however long it is: 16 KB at most.
struct PromptWindow {
    /// Instructions and the first words of the user, from the beginning.
    ///
    /// As much as the shortest prompt that providers keep in their caches has, 1,024 tokens.
    private(set) var opening: [UInt8] = []
    /// How much of the opening is instructions.
    private(set) var instructionBytes = 0
    /// Beginning and end of what the user said last; that is where people say what they want done.
    private(set) var wish: [UInt8] = []
    /// The end of all that the user said or handed over.
    private(set) var recent: [UInt8] = []

    static let openingLimit = 4_096
    static let wishLimit = 4_096
    static let recentLimit = 8_192

    init(_ turns: [Turn]) {
        readOpening(turns)
        readWish(turns)
        readRecent(turns)
    }

    private mutating func readOpening(_ turns: [Turn]) {
        var isOpen = true
        func take(_ turn: Turn, _ opening: inout [UInt8]) {
            for part in turn.parts where isOpen {
                guard case .text(let text) = part.content else { continue }
                // What follows a text that was cut is not its neighbour.
                isOpen = opening.append(beginning: text, upTo: Self.openingLimit)
            }
        }
        for turn in turns where turn.role == .instructions && isOpen { take(turn, &opening) }
        instructionBytes = opening.count
        if isOpen, let first = turns.first(where: { $0.role == .user }) { take(first, &opening) }
    }

    private mutating func readWish(_ turns: [Turn]) {
        // What tools gave is a user's turn as well, but no wish.
        let spoken = turns.last { turn in
            turn.role == .user && turn.parts.contains { if case .text = $0.content { true } else { false } }
        }
        guard let spoken else { return }
        let texts: [String] = spoken.parts.compactMap { if case .text(let text) = $0.content { text } else { nil } }
        if texts.reduce(0, { $0 + $1.utf8.count + 1 }) <= Self.wishLimit {
            for text in texts {
                if !wish.isEmpty { wish.append(UInt8(ascii: "\n")) }
                wish.append(beginning: text, upTo: Self.wishLimit)
            }
            return
        }
        if let first = texts.first { wish.append(beginning: first, upTo: Self.wishLimit / 2 - 1) }
        wish.append(UInt8(ascii: "\n"))
        if let last = texts.last { wish.append(contentsOf: last.ending(Self.wishLimit - wish.count)) }
    }

    private mutating func readRecent(_ turns: [Turn]) {
        var pieces: [[UInt8]] = []
        var room = Self.recentLimit
        func take(_ text: String) {
            guard room > 0 else { return }
            let piece = text.ending(room)
            room -= piece.count + 1
            pieces.append(piece)
        }
        for turn in turns.reversed() where turn.role == .user && room > 0 {
            for part in turn.parts.reversed() {
                switch part.content {
                case .text(let text): take(text)
                case .toolResult(let result):
                    for part in result.parts.reversed() {
                        if case .text(let text) = part.content { take(text) }
                    }
                case .document(let document):
                    if case .text(let text) = document.source { take(text) }
                default: break
                }
            }
        }
        recent.reserveCapacity(Self.recentLimit)
        for piece in pieces.reversed() {
            if !recent.isEmpty { recent.append(UInt8(ascii: "\n")) }
            recent.append(contentsOf: piece)
        }
    }
}

extension [UInt8] {
    /// Appends as much of the beginning of a text as there is room for, whole characters only; false where it is cut.
    @discardableResult
    fileprivate mutating func append(beginning text: String, upTo limit: Int) -> Bool {
        let room = Swift.max(0, limit - count)
        guard text.utf8.count > room else {
            append(contentsOf: text.utf8)
            return true
        }
        let start = count
        text.withBytes { append(contentsOf: $0.prefix(room)) }
        // A character that may have been cut goes altogether.
        while count > start, let last, last & 0xC0 == 0x80 { removeLast() }
        if count > start, let last, last >= 0xC0 { removeLast() }
        return false
    }
}

extension String {
    /// The last bytes of a text, from the beginning of a character on.
    fileprivate func ending(_ limit: Int) -> [UInt8] {
        withBytes { bytes in
            var start = Swift.max(0, bytes.count - Swift.max(0, limit))
            while start > 0, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
            return Array(bytes[start...])
        }
    }

    /// Shows the bytes as they lie in memory: byte by byte, views of strings are slow.
    fileprivate func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}
