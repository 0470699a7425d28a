import Synchronization

@testable import SiraLedger

/// The system's calls with a disk that has little room, and whose faults tests choose.
final class FaultyDisk: Sendable {
    struct State {
        /// Bytes that can still be written; nil for as many as one likes.
        var room: Int?
        /// The most that one call writes.
        var longestWrite = Int.max
        /// Every second write is interrupted by a signal.
        var isInterrupted = false
        var refusesTruncation = false
        var refusesCreation = false
        var refusesSynchronization = false
        var writes = 0
        var synchronizations = 0
        var directorySynchronizations = 0
    }

    let state = Mutex(State())

    /// Changes what goes wrong from now on.
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    var writes: Int { state.withLock { $0.writes } }
    var synchronizations: Int { state.withLock { $0.synchronizations } }

    var directorySynchronizations: Int { state.withLock { $0.directorySynchronizations } }

    var calls: FileCalls {
        let system = FileCalls.system
        return FileCalls(
            create: { [self] path in
                state.withLock { $0.refusesCreation } ? .failure(.noSpace) : system.create(path)
            },
            write: { [self] descriptor, bytes in
                let plan: Result<Int, FileError> = state.withLock { state in
                    state.writes += 1
                    if state.isInterrupted, state.writes % 2 == 1 { return .failure(.interrupted) }
                    let count = min(bytes.count, state.longestWrite, state.room ?? .max)
                    guard count > 0 else { return .failure(.noSpace) }
                    if let room = state.room { state.room = room - count }
                    return .success(count)
                }
                return plan.flatMap { system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<$0])) }
            },
            truncate: { [self] descriptor, length in
                state.withLock { $0.refusesTruncation } ? .failure(.noSpace) : system.truncate(descriptor, length)
            },
            synchronize: { [self] descriptor in
                let isRefused = state.withLock { state in
                    state.synchronizations += 1
                    return state.refusesSynchronization
                }
                return isRefused ? .failure(.noSpace) : system.synchronize(descriptor)
            },
            synchronizeDirectory: { [self] path in
                state.withLock { $0.directorySynchronizations += 1 }
                return system.synchronizeDirectory(path)
            }
        )
    }
}

extension FileError {
    /// EINTR, which has the number 4 everywhere.
    static let interrupted = FileError(number: 4)
}
