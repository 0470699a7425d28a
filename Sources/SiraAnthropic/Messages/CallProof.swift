/// The proof of the thought behind a call of a tool, which another protocol's provider gives and wants back, on its way
/// through a client of messages.
///
/// Messages have no place for it beside the call. It travels in a block of redacted thinking, which clients give back
/// as they got it, before the call's own block; its data name the call. The reader takes such blocks out again and
/// gives each call its proof, wherever the block stands in the turn.
struct CallProof {
    let callID: String
    let signature: String

    private static let mark = "sira:call:"

    init(callID: String, signature: String) {
        self.callID = callID
        self.signature = signature
    }

    /// Reads the data of a block of redacted thinking; nil when it is a provider's own.
    init?(data: String) {
        guard data.hasPrefix(Self.mark) else { return nil }
        let rest = data.dropFirst(Self.mark.count)
        // Ids may hold colons; signatures are base 64, which does not.
        guard let colon = rest.lastIndex(of: ":") else { return nil }
        callID = String(rest[..<colon])
        signature = String(rest[rest.index(after: colon)...])
    }

    /// What a block of redacted thinking carries.
    var data: String { "\(Self.mark)\(callID):\(signature)" }
}
