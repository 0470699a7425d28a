import SiraCore
import Synchronization

/// A segment that is being written, or was and is still to be forced to the disk.
///
/// The lane writes to it; the thread that forces it to the disk, and whoever measures the journal, look at it from
/// outside. The file is closed when nobody holds it any more.
final class OpenSegment: Sendable {
    let name: SegmentName
    let descriptor: Int32
    /// Whole records in the file, and the file's length up to the end of the last of them.
    let records = Atomic<Int>(0)
    let bytes: Atomic<Int>
    /// Whether something was written since it was last forced to the disk.
    let isDirty = Atomic<Bool>(false)

    init(name: SegmentName, descriptor: Int32, bytes: Int) {
        self.name = name
        self.descriptor = descriptor
        self.bytes = Atomic(bytes)
    }

    deinit { SystemCalls.close(descriptor) }
}
