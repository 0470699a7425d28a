package import SiraCore

/// Something that would save money or shut a door, with the numbers it rests on.
package struct Advice: Hashable, Sendable {
    /// A number that the advice rests on.
    package struct Evidence: Hashable, Sendable {
        package var name: String
        package var value: Double

        init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// What would be saved in thirty days.
    package struct Saving: Hashable, Sendable {
        package var low: NanoUSD
        package var expected: NanoUSD
        package var high: NanoUSD
    }

    /// The same for the same advice about the same thing, whatever the numbers: it can be put off or taken by it.
    package var id: String
    /// The ``AdviceRule/name`` it comes from.
    package var rule: String
    /// One sentence.
    package var summary: String
    package var evidence: [Evidence]
    /// Nil where saving is not what it is about.
    package var saving: Saving?
    package var change: AdviceChange

    init(
        _ rule: some AdviceRule,
        about subject: [String],
        _ summary: String,
        evidence: [Evidence],
        saving: Saving?,
        change: AdviceChange
    ) {
        id = Self.id(rule.name, subject)
        self.rule = rule.name
        self.summary = summary
        self.evidence = evidence
        self.saving = saving
        self.change = change
    }

    /// The rule's name and 64 bits of FNV-1a (Fowler, Noll and Vo) over the parts of the subject.
    private static func id(_ rule: String, _ subject: [String]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in subject {
            // 255 ends a part: no text in UTF-8 has it.
            for byte in Array(part.utf8) + [255] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return rule + "-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
