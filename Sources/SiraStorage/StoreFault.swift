/// An error of a store's backend that can tell whose fault it is.
///
/// Errors that do not conform are taken for an outage, after which the same records may well be taken.
package protocol StoreFault: Error {
    /// Whether it is what was handed in that the store will never take, however often it is tried.
    ///
    /// False for everything that passes or that an operator can mend: no room, no permission, a busy, damaged or
    /// unreachable database.
    var blamesRecords: Bool { get }
}
