import SiraConfiguration

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks at who else may read the configuration file.
struct ConfigurationFileCheck {
    let settings: Settings

    /// A warning when the file holds secrets and others on the machine may read it.
    func findings() -> [Finding] {
        guard let path = settings.origin.file, settings.origin.holdsSecrets else { return [] }
        var status = stat()
        guard stat(path, &status) == 0, UInt32(status.st_mode) & 0o077 != 0 else { return [] }
        let octal = String(UInt32(status.st_mode) & 0o777, radix: 8)
        let message = "\(path) holds secrets and is open to other users (mode \(octal))"
        return [Finding(.warn, "configuration", message, remedy: "chmod 600 \(path), or write ${NAME} or file:path")]
    }
}
