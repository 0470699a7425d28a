import Foundation

/// What tells one content of a file from the next without reading it.
package struct FileStamp: Equatable, Sendable {
    private var inode: UInt64
    private var size: UInt64
    private var modified: Date

    /// nil when there is no such file.
    ///
    /// Links are followed, so that a link which is turned to another file counts.
    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        inode = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        size = (attributes[.size] as? NSNumber)?.uint64Value ?? 0
        modified = attributes[.modificationDate] as? Date ?? .distantPast
    }
}
