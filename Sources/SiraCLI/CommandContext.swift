package import SiraConfiguration
package import SiraCore
import SiraStorage
import SiraTenancy

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What commands know of the world around them: environment, clock, where to print.
package struct CommandContext: Sendable {
    /// The environment variables.
    package var environment: Environment
    /// What tells the time.
    package var clock: GatewayClock
    /// Writes a text and the end of a line to standard output.
    package var print: @Sendable (String) -> Void
    /// Writes a text and the end of a line to standard error.
    package var complain: @Sendable (String) -> Void

    package init(
        environment: Environment,
        clock: GatewayClock = .system,
        print: @escaping @Sendable (String) -> Void,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.environment = environment
        self.clock = clock
        self.print = print
        self.complain = complain
    }

    /// The process's own.
    package static var process: CommandContext {
        CommandContext(
            environment: .process,
            print: { write($0, to: STDOUT_FILENO) },
            complain: { write($0, to: STDERR_FILENO) }
        )
    }

    /// Who runs the command: whoever can change the database may do everything.
    func author(reason: String = "") -> Author {
        let user = environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? Self.account
        return Author(actor: "command:\(user)", reason: reason, authority: .owner)
    }

    /// The name of the account that the process runs under, or its number where it has none, as in many containers.
    private static var account: String {
        let number = getuid()
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 4_096)
        guard getpwuid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
        else { return String(number) }
        return String(cString: name)
    }

    /// The context of the command that is running.
    ///
    /// Task-local because the argument parser makes the commands, and nothing can be handed to them.
    @TaskLocal static var current = process

    /// Writes all of a line; a reader that has gone away ends the writing.
    private static func write(_ text: String, to descriptor: Int32) {
        let line = Array(text.utf8) + (text.hasSuffix("\n") ? [] : [0x0A])
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = SystemCalls.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                guard count > 0 else {
                    if count < 0, errno == EINTR { continue }
                    return
                }
                rest = rest.dropFirst(count)
            }
        }
    }
}

/// Why a command cannot do what it was asked, in a sentence for people.
struct CommandFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
