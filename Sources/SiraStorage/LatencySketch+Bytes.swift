import SiraCore

extension LatencySketch {
    /// The first byte: what the bounds of buckets are and how the rest is written.
    private static let form: UInt8 = 1

    /// The sketch as it is stored: a byte for the form, then for each bucket how far its index is from the one before,
    /// and its count, as variable-length integers; nothing for an empty one.
    package var bytes: [UInt8] {
        guard !isEmpty else { return [] }
        var bytes = [Self.form]
        var previous = 0
        for bucket in buckets {
            bytes.append(varint: UInt64(bucket.index - previous))
            bytes.append(varint: bucket.count)
            previous = bucket.index
        }
        return bytes
    }

    /// Reads what ``bytes`` wrote; nil for anything else.
    package init?(bytes: UnsafeRawBufferPointer) {
        self.init()
        var buckets: [Bucket] = []
        guard Self.read(bytes, { buckets.append(Bucket(index: $0, count: $1)) }) else { return nil }
        self.init(buckets: buckets)
    }

    /// Hands over the buckets of an encoded sketch, ascending; false when the bytes are none, by which time some may
    /// have been handed over.
    fileprivate static func read(_ bytes: UnsafeRawBufferPointer, _ take: (Int, UInt64) -> Void) -> Bool {
        guard !bytes.isEmpty else { return true }
        var reader = ByteReader(bytes)
        guard reader.byte() == form else { return false }
        var (index, isFirst) = (0, true)
        while !reader.isAtEnd {
            guard let step = reader.varint(), step < UInt64(bucketLimit), isFirst || step > 0 else { return false }
            guard let count = reader.varint(), count > 0 else { return false }
            index += Int(step)
            guard index < bucketLimit else { return false }
            take(index, count)
            isFirst = false
        }
        return !isFirst
    }
}

/// The sum of many encoded sketches.
package struct LatencySketchSum: Sendable {
    /// By index, as far as any bucket reaches.
    private var counts: [UInt64] = []

    package init() {}

    /// Adds a sketch.
    ///
    /// - Returns: false when the bytes are none; nothing of them is counted then.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var whole = counts
        counts = []
        let isWhole = LatencySketch.read(bytes) { index, count in
            if index >= whole.count { whole += [UInt64](repeating: 0, count: index + 64 - whole.count) }
            whole[index] = whole[index].clampedSum(count)
        }
        guard !isWhole else {
            counts = whole
            return true
        }
        // Takes back what came before the flaw.
        _ = LatencySketch.read(bytes) { index, count in whole[index] -= min(whole[index], count) }
        counts = whole
        return false
    }

    /// The sum.
    package var sketch: LatencySketch {
        LatencySketch(
            buckets: counts.indices.compactMap {
                counts[$0] == 0 ? nil : LatencySketch.Bucket(index: $0, count: counts[$0])
            }
        )
    }
}
