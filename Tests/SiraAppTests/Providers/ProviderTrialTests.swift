import Testing

@testable import SiraApp

@Suite struct ProviderTrialTests {
    @Test(arguments: [
        (#"{"data":[{"id":"a"},{"id":"b"}]}"#, ["a", "b"]), (#"{"models":[{"name":"models/g"}]}"#, ["g"]),
        (#"[{"id":"t"}]"#, ["t"]), (#"{"models":[]}"#, []),
    ])
    func `lists of models of all protocols are read`(body: String, names: [String]) {
        #expect(ProviderTrial.models(of: Array(body.utf8)) == names)
    }

    @Test(arguments: ["", "<html>", "{}", #"{"data":3}"#])
    func `what is no list is none`(body: String) {
        #expect(ProviderTrial.models(of: Array(body.utf8)) == nil)
    }
}
