import SiraCore
import Testing

@testable import SiraConfiguration

@Suite struct RestartTests {
    @Test func `what needs a restart is named by its path`() {
        var new = Settings()
        #expect(new.restartOnlyDifferences(from: Settings()) == [])
        new.logging.level = .debug
        new.limits.concurrentRequests = 1
        new.providers["x"] = ProviderSettings()
        #expect(new.restartOnlyDifferences(from: Settings()) == [])
        new.server.lanes = 3
        new.server.address.port = 1
        new.server.tls = TLSSettings()
        new.admin.address.port = 2
        new.storage.journal.sync = .never
        new.storage.directory = "/elsewhere"
        let paths = [
            "server.address", "server.lanes", "server.tls", "admin.address", "storage.directory",
            "storage.journal.sync",
        ]
        #expect(new.restartOnlyDifferences(from: Settings()) == paths)
    }

    @Test func `until a restart the running values of what needs one are in force`() throws {
        var running = Settings()
        running.server.address = ListenAddress(host: "0.0.0.0", port: 80)
        var new = Settings()
        new.server.lanes = 3
        new.server.tls = TLSSettings()
        new.server.withoutKeys = .refuse
        new.storage.journal.sync = .never
        new.limits.concurrentRequests = 7
        let settings = try new.inForce(beside: running)
        #expect(settings.server.address == running.server.address)
        #expect(settings.server.lanes == nil)
        #expect(settings.server.tls == nil)
        #expect(settings.storage.journal == running.storage.journal)
        #expect(settings.server.withoutKeys == .refuse)
        #expect(settings.limits.concurrentRequests == 7)
        #expect(settings.restartOnlyDifferences(from: running) == [])
    }

    @Test func `the token cannot be taken from a listener that still listens to the network`() throws {
        var running = Settings()
        running.admin.address.host = "0.0.0.0"
        running.admin.token = Secret("secret")
        #expect(throws: ConfigurationErrors.self) { try Settings().inForce(beside: running) }
    }

    @Test func `each field is either taken over while running or marked`() {
        let live: Set = [
            "server.public_url", "server.without_keys", "server.forward_headers", "server.on_unsupported",
            "server.account_paths",
            "admin.token", "admin.names", "admin.private_providers",
            "admin.sign_in.oidc", "admin.sign_in.password", "admin.sign_in.public_url",
            "providers", "models",
            "aliases", "limits.concurrent_requests", "limits.queue.interactive_wait",
            "limits.queue.batch_wait", "limits.queue.background_wait", "logging.level", "logging.requests",
            "logging.bodies.enabled",
            "logging.bodies.max_bytes", "stream.cost_comment", "stream.keep_alive",
            "server.limits.message_bytes", "server.limits.session_silence", "server.limits.session_time",
            "logging.bodies.max_bytes", "stream.cost_comment", "stream.keep_alive", "storage.responses.enabled",
            "storage.responses.keep", "storage.responses.max_bytes",
            "routes", "experiments", "routing.retry.attempts", "routing.retry.attempts_per_deployment",
            "routing.retry.backoff", "routing.retry.longest_backoff", "routing.retry.budget_share",
            "routing.retry.budget_floor", "routing.first_token.limit", "routing.first_token.factor",
            "routing.first_token.shortest", "routing.first_token.longest", "routing.health.window",
            "routing.health.minimum_attempts", "routing.health.error_rate", "routing.health.latency",
            "routing.health.consecutive_failures", "routing.health.cooldown", "routing.health.longest_cooldown",
            "routing.health.half_open_attempts", "routing.health.half_open_successes",
            "routing.health.probe_interval", "routing.health.rate_limit_cooldown",
            "alerts.allow_loopback", "alerts.allow_private_networks", "alerts.mail.from", "alerts.mail.host",
            "alerts.mail.password", "alerts.mail.port", "alerts.mail.security", "alerts.mail.user",
            "billing.seller.lines", "billing.seller.name", "billing.stripe.base_url", "billing.stripe.cancel_url",
            "billing.stripe.prices", "billing.stripe.secret_key", "billing.stripe.success_url",
            "billing.stripe.webhook_secrets",
            "routing.auto.economy", "routing.auto.balanced", "routing.auto.quality", "routing.auto.long",
        ]
        var unmarked: Set<String> = []
        func walk(_ section: SectionShape, _ path: String) {
            for field in section.fields where !field.needsRestart {
                let path = path.isEmpty ? field.name : "\(path).\(field.name)"
                if case .section(let inner) = field.shape { walk(inner, path) } else { unmarked.insert(path) }
            }
        }
        walk(.root, "")
        #expect(unmarked == live)
    }
}
