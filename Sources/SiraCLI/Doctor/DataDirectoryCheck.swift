import SiraCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks at the directory of database and journal, and changes nothing there.
struct DataDirectoryCheck {
    let path: String

    private static let gibibyte: UInt64 = 1 << 30

    func findings() -> [Finding] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else {
                return [failure("cannot be looked at (\(Self.reason))", "check its permissions")]
            }
            let parent = nearestParent
            guard access(parent, W_OK | X_OK) == 0 else {
                return [failure("does not exist and cannot be made in \(parent) (\(Self.reason))", "make it")]
            }
            return [Finding(.ok, "data", "\(path) does not exist yet and will be made"), space(at: parent)]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [failure("is not a directory", "set storage.directory to one")]
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return [failure("cannot be written (\(Self.reason))", "give it to the user who runs sira")]
        }
        return [permissions(UInt32(status.st_mode)), space(at: path)]
    }

    /// The closest directory around the path that exists; those between are made along with it.
    private var nearestParent: String {
        var parent = path
        repeat {
            while parent.last == "/" { parent.removeLast() }
            guard let slash = parent.lastIndex(of: "/") else { return "." }
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
        } while parent != "/" && access(parent, F_OK) != 0 && errno == ENOENT
        return parent
    }

    /// Records tell who used what, so others on the machine have no business there.
    private func permissions(_ mode: UInt32) -> Finding {
        let octal = String(mode & 0o777, radix: 8)
        guard mode & 0o077 != 0 else { return Finding(.ok, "data", "\(path) (mode \(octal))") }
        return Finding(.warn, "data", "\(path) is open to other users (mode \(octal))", remedy: "chmod 700 \(path)")
    }

    private func space(at path: String) -> Finding {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return Finding(
                .warn,
                "disk",
                "the free space of \(path) is not known (\(Self.reason))",
                remedy: "look with df"
            )
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let amount = "\(free / 1_048_576) MiB free"
        if free < Self.gibibyte / 10 {
            return Finding(.fail, "disk", amount, remedy: "make room, or move storage.directory")
        }
        if free < Self.gibibyte { return Finding(.warn, "disk", amount, remedy: "make room before it runs out") }
        return Finding(.ok, "disk", amount)
    }

    private func failure(_ problem: String, _ remedy: String) -> Finding {
        Finding(.fail, "data", "\(path) \(problem)", remedy: remedy)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
