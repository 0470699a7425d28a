/// A decision record before it is written down.
///
/// It is encoded in the background, so that requests do not wait for that.
package protocol DecisionDocument: Sendable {
    /// The record, an object in JSON.
    func json() -> [UInt8]

    /// About how many bytes it takes up in memory.
    var size: Int { get }
}

extension DecisionDocument {
    /// What a record with some candidates takes up.
    package var size: Int { 2_000 }
}
