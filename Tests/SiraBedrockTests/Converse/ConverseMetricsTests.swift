import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

/// What an answer tells of the time that it took.
@Suite struct ConverseMetricsTests {
    @Test(arguments: [true, false]) func `an answer tells how long the request took`(isStream: Bool) throws {
        var request = AnswerRequest(isStream: isStream)
        request.elapsed = { 1_234 }
        var writer = ConverseClient().makeWriter(for: request)
        var bytes: [UInt8] = []
        for event in [AnswerEvent.text(part: 0, "a"), .stop(.complete)] { writer.write(event, into: &bytes) }
        writer.finish(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""metrics":{"latencyMs":1234}"#))
    }
}
