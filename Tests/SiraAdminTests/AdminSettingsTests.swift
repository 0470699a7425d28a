import SiraAdmin
import SiraCore
import Testing

@Suite struct AdminSettingsTests {
    @Test(arguments: ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
    func `this machine alone needs no token`(host: String) throws {
        var settings = AdminSettings()
        settings.host = host
        try settings.validate()
    }

    @Test(arguments: ["0.0.0.0", "::", "10.0.0.1", "sira.internal", "127.0.0.1.example", "localhost.example", ""])
    func `the network needs one`(host: String) throws {
        var settings = AdminSettings()
        settings.host = host
        #expect(throws: AdminSettingsError.tokenMissing(host: host)) { try settings.validate() }
        settings.token = Secret("t")
        try settings.validate()
    }

    @Test func `a name by which others reach it needs one, too`() throws {
        var settings = AdminSettings()
        settings.names = ["sira.example"]
        #expect(throws: AdminSettingsError.nameWithoutToken("sira.example")) { try settings.validate() }
        settings.token = Secret("t")
        try settings.validate()
    }

    @Test func `an empty token is no token`() {
        var settings = AdminSettings()
        settings.token = Secret("")
        #expect(throws: AdminSettingsError.emptyToken) { try settings.validate() }
    }

    @Test func `the error says what to do`() {
        let text = AdminSettingsError.tokenMissing(host: "0.0.0.0").description
        #expect(text.contains("0.0.0.0"))
        #expect(text.contains("Set an admin token, or listen on 127.0.0.1."))
    }
}
