import Dispatch
import Logging

/// Forces to the disk what lanes have written, on a thread of its own: lanes never wait for a disk.
final class JournalSynchronizer: Sendable {
    private let directory: JournalDirectory
    private let registry: SegmentRegistry
    private let files: FileCalls
    private let logger: Logger
    private let queue = DispatchQueue(label: "sira.journal.synchronizer")

    init(directory: JournalDirectory, registry: SegmentRegistry, files: FileCalls, logger: Logger) {
        self.directory = directory
        self.registry = registry
        self.files = files
        self.logger = logger
    }

    /// Begins to work at each interval, until the timer that it returns is cancelled.
    func start(every interval: Duration) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let nanoseconds = max(1, Int(interval / .nanoseconds(1)))
        timer.schedule(deadline: .now(), repeating: .nanoseconds(nanoseconds), leeway: .milliseconds(1))
        timer.setEventHandler { [self] in synchronizeOnce() }
        timer.resume()
        return timer
    }

    /// Forces everything written so far to the disk.
    func synchronizeOnce() {
        let dirty = registry.takeDirty()
        guard !dirty.isEmpty else { return }
        for segment in dirty {
            // After a failure the kernel may have dropped the pages, so that trying again would only seem to
            // succeed. What was written is still in the file as long as the machine runs.
            if case .failure(let error) = files.synchronize(segment.descriptor) {
                complain(error, "\(segment.name)")
            }
        }
        guard registry.takeNewFiles() else { return }
        if case .failure(let error) = files.synchronizeDirectory(directory.path) { complain(error, directory.path) }
    }

    private func complain(_ error: FileError, _ what: String) {
        registry.writeFailed()
        logger.error(
            "the journal could not be forced to the disk",
            metadata: [
                "file": "\(what)", "error": "\(error)",
            ]
        )
    }
}
