import NIOSSL
import SiraAdmin
package import SiraConfiguration
import SiraCore
package import SiraRouting
import SiraServer
import SiraUpstream

/// Everything of a start that needs no socket and no file of the gateway's own.
///
/// `sira check` and `sira serve` make the same one, so a configuration that the one finds good cannot be wrong for the
/// other.
package struct Preparation {
    /// What the settings mean.
    package let world: World
    let server: SiraServer.ServerSettings
    let upstream: UpstreamSettings
    /// For connections to providers.
    let tls: NIOSSLContext
    /// For connections to providers that become WebSockets, which only HTTP/1.1 does.
    let socketTLS: NIOSSLContext
    let admin: SiraAdmin.AdminSettings

    /// Works out what `settings` need in `environment`, and reads the files that they name.
    ///
    /// - Parameter memory: what routing remembers while configurations come and go.
    /// - Throws: all that would keep the gateway from starting with them, short of an address that is taken.
    package init(
        settings: Settings,
        environment: Environment,
        memory: RoutingMemory = RoutingMemory()
    ) throws(ConfigurationErrors) {
        var problems: [ConfigurationProblem] = []
        func part<Part>(_ make: () throws(ConfigurationErrors) -> Part) -> Part? {
            do throws(ConfigurationErrors) {
                return try make()
            } catch {
                problems += error.problems
                return nil
            }
        }
        let world = part { () throws(ConfigurationErrors) in
            try World(settings: settings, environment: environment, memory: memory)
        }
        let server = part { () throws(ConfigurationErrors) in try SiraServer.ServerSettings(settings) }
        let client = part { () throws(ConfigurationErrors) in try Self.client(environment) }
        let admin = part { () throws(ConfigurationErrors) in try Self.admin(settings) }
        guard let world, let server, let client, let admin else {
            throw ConfigurationErrors(file: settings.origin.file, problems: problems)
        }
        self.world = world
        self.server = server
        (upstream, tls, socketTLS) = client
        self.admin = admin
    }

    private static func client(
        _ environment: Environment
    ) throws(ConfigurationErrors) -> (UpstreamSettings, NIOSSLContext, NIOSSLContext) {
        do {
            let settings = try UpstreamSettings(environment)
            var sockets = settings.tls
            sockets.applicationProtocols = ["http/1.1"]
            return (
                settings, try NIOSSLContext(configuration: settings.tls), try NIOSSLContext(configuration: sockets)
            )
        } catch {
            let reason = (error as? GatewayError)?.message
            let variable = environment.text("HTTPS_PROXY") == nil ? "https_proxy" : "HTTPS_PROXY"
            let problem = ConfigurationProblem(
                variable: reason == nil ? nil : variable,
                message: reason ?? "connections to providers cannot be encrypted: \(error)"
            )
            throw ConfigurationErrors(file: nil, problems: [problem])
        }
    }

    private static func admin(_ settings: Settings) throws(ConfigurationErrors) -> SiraAdmin.AdminSettings {
        let admin = SiraAdmin.AdminSettings(settings.admin)
        do throws(AdminSettingsError) {
            try admin.validate()
        } catch {
            let problem = settings.origin.problem(at: "admin", "\(error)")
            throw ConfigurationErrors(file: settings.origin.file, problems: [problem])
        }
        return admin
    }
}
