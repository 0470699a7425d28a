import SiraCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system calls that writing a segment takes.
///
/// Tests put failing ones in their place.
struct FileCalls: Sendable {
    /// Creates a file for appending, readable by its owner alone, where there is none; gives its descriptor.
    var create: @Sendable (String) -> Result<Int32, FileError>
    /// Writes some of the bytes, perhaps not all; gives how many.
    var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Result<Int, FileError>
    /// Cuts the file off after so many bytes.
    var truncate: @Sendable (Int32, Int) -> Result<Void, FileError>
    /// Waits until what was written is on the disk.
    var synchronize: @Sendable (Int32) -> Result<Void, FileError>

    /// Waits until the names of new files in a directory are on the disk, so that they are found after a power
    /// failure.
    var synchronizeDirectory: @Sendable (String) -> Result<Void, FileError>

    static let system = FileCalls(
        create: { path in
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            return descriptor < 0 ? .failure(FileError.last) : .success(descriptor)
        },
        write: { descriptor, bytes in
            let count = SystemCalls.write(descriptor, bytes)
            return count < 0 ? .failure(FileError.last) : .success(count)
        },
        truncate: { descriptor, length in
            ftruncate(descriptor, off_t(length)) == 0 ? .success(()) : .failure(FileError.last)
        },
        synchronize: { descriptor in
            #if canImport(Darwin)
            fsync(descriptor) == 0 ? .success(()) : .failure(FileError.last)
            #else
            fdatasync(descriptor) == 0 ? .success(()) : .failure(FileError.last)
            #endif
        },
        synchronizeDirectory: { path in
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { return .failure(FileError.last) }
            defer { SystemCalls.close(descriptor) }
            return fsync(descriptor) == 0 ? .success(()) : .failure(FileError.last)
        }
    )
}

/// An error number of the operating system.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The `errno` of `<errno.h>`.
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    /// What the last call of this thread left.
    static var last: FileError { FileError(number: errno) }

    /// What a write that writes nothing is taken for.
    static let noSpace = FileError(number: ENOSPC)

    /// Whether the call was only interrupted by a signal.
    var isInterruption: Bool { number == EINTR }

    package var description: String { "\(String(cString: strerror(number))) (errno \(number))" }
}
