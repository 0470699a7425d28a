import ArgumentParser
import SiraApp
import SiraConfiguration
import SiraCore
import SiraJSON
import SiraRouting

/// `sira doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that the gateway needs, and say what to do where something is missing.",
        discussion:
            "Connects to each provider that is on, without sending a request. The exit code is 1 when a check fails."
    )

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let findings = await examine()
        output.print { json in
            json.object { object in
                object.member("ok", !findings.contains { $0.level == .fail })
                object.array("checks") { list in
                    for finding in findings { list.object { finding.write(to: &$0) } }
                }
            }
        } plain: {
            findings.map(\.line).joined(separator: "\n")
        }
        if findings.contains(where: { $0.level == .fail }) { throw ExitCode.failure }
    }

    private func examine() async -> [Finding] {
        let context = CommandContext.current
        var findings: [Finding] = []
        let file = Settings.file(named: options.config, context.environment)
        do throws(ConfigurationErrors) {
            let settings = try options.settings()
            let world = try Preparation(settings: settings, environment: context.environment).world
            findings.append(Finding(.ok, "configuration", file ?? "no file; defaults and environment"))
            findings += ConfigurationFileCheck(settings: settings).findings()
            findings += world.warnings.map { Finding(.warn, "configuration", $0) }
            findings += credentials(world)
            findings += await Reachability(environment: context.environment).check(world.accesses)
            findings += DataDirectoryCheck(path: settings.storage.directory).findings()
            findings += await ListenerCheck(settings: settings).findings()
        } catch {
            findings += error.description.split(separator: "\n").map { problem in
                Finding(.fail, "configuration", String(problem), remedy: "correct it; `sira check` tries again")
            }
        }
        findings.append(clock(context.clock.now()))
        return findings
    }

    private func credentials(_ world: World) -> [Finding] {
        guard !world.accesses.isEmpty else {
            let remedy = "set a key such as OPENAI_API_KEY; `sira providers --all` shows every provider's"
            return [Finding(.warn, "credentials", "no provider is on", remedy: remedy)]
        }
        return world.accesses.map { access in
            let state =
                switch access.credentials.count {
                case 0: "no key is sent, which this provider allows"
                case 1: "a key is set"
                case let count: "\(count) keys are set"
                }
            return Finding(.ok, "credentials", "\(access.name): \(state) (\(world.origin(of: access.name)))")
        }
    }

    /// Certificates, expiry dates and records are wrong when the clock is.
    ///
    /// No machine that runs this program lives
    /// before the year in which it was made.
    private func clock(_ now: Timestamp) -> Finding {
        guard CalendarDay(daysSinceEpoch: now.day).year >= 2026 else {
            return Finding(.fail, "clock", "the clock says \(now)", remedy: "set it, and keep it so with NTP")
        }
        return Finding(.ok, "clock", "\(now)")
    }
}
