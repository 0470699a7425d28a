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
}
