import SiraCore

/// The name of a segment's file: `<lane>-<microseconds since 1970>-<number>.seg`.
struct SegmentName: Hashable, Sendable, Comparable {
    let lane: Int
    let createdAt: Timestamp
    /// Tells apart what one lane made in the same microsecond.
    let sequence: Int

    /// Older ones first.
    static func < (left: SegmentName, right: SegmentName) -> Bool {
        (left.createdAt, left.lane, left.sequence) < (right.createdAt, right.lane, right.sequence)
    }
}

extension SegmentName: CustomStringConvertible {
    private static let suffix = ".seg"

    var description: String { "\(lane)-\(createdAt.microseconds)-\(sequence)\(Self.suffix)" }

    /// Reads what ``description`` writes; nil for the names of other files.
    init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let parts = text.dropLast(Self.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let lane = Int(parts[0]), let time = Int64(parts[1]), let sequence = Int(parts[2])
        else { return nil }
        self.init(lane: lane, createdAt: Timestamp(microseconds: time), sequence: sequence)
    }
}
