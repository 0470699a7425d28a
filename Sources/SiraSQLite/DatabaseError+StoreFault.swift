import GRDB
import SiraStorage

extension DatabaseError: StoreFault {
    /// A constraint that a value breaks, or a value of the wrong type, size or place.
    ///
    /// Everything else (`SQLITE_BUSY`, `LOCKED`, `FULL`, `IOERR`, `CANTOPEN`, `READONLY`, `NOMEM`, `CORRUPT`, a missing
    /// table) says something of the file or the machine (https://sqlite.org/rescode.html).
    package var blamesRecords: Bool {
        switch resultCode.primaryResultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE: true
        default: false
        }
    }
}
