import Foundation
import GRDB
import SiraStorage

/// What SQL can do with ``LatencySketch``.
///
/// A sketch that cannot be read counts as empty, since one damaged line must stop neither reports nor the shipping of
/// records. A recount shows it.
enum SketchFunctions {
    /// `sketch_merge(a, b)`: both together, null when both are empty.
    static let merge = DatabaseFunction("sketch_merge", argumentCount: 2, pure: true) { values in
        var sum = LatencySketch()
        for value in values { sum += sketch(value) ?? LatencySketch() }
        return sum.data
    }

    /// `sketch_of(a)`: the sketch of one duration, null for null.
    static let one = DatabaseFunction("sketch_of", argumentCount: 1, pure: true) { values in
        Int64.fromDatabaseValue(values[0]).map { LatencySketch($0) }?.data
    }

    /// `sketch_sum(a)`: all of a group together, null when they are empty.
    static let sum = DatabaseFunction("sketch_sum", argumentCount: 1, pure: true, aggregate: Sum.self)

    private struct Sum: DatabaseAggregate {
        private var sum = LatencySketchSum()

        mutating func step(_ dbValues: [DatabaseValue]) {
            guard case .blob(let data) = dbValues[0].storage else { return }
            _ = data.withUnsafeBytes { sum.add($0) }
        }

        func finalize() -> (any DatabaseValueConvertible)? { sum.sketch.data }
    }

    private static func sketch(_ value: DatabaseValue) -> LatencySketch? {
        guard case .blob(let data) = value.storage else { return nil }
        return data.withUnsafeBytes { LatencySketch(bytes: $0) }
    }
}

extension LatencySketch {
    /// As a column keeps it: null when it is empty.
    var data: Data? { isEmpty ? nil : Data(bytes) }

    /// Reads a column.
    init(data: Data?) {
        self = data?.withUnsafeBytes { LatencySketch(bytes: $0) } ?? LatencySketch()
    }
}
