import Logging
import SiraCore
import SiraTelemetry
import Testing

@Suite struct AccessEntryTests {
    let captured = CapturedLog()

    @Test func `a line says who asked for what, how it went and what it cost`() {
        var entry = AccessEntry(request: RequestID(high: 0, low: 1))
        entry.key = "key_1"
        entry.keyName = "build robot"
        entry.operation = "chat"
        entry.requestedModel = "fast"
        entry.provider = "acme"
        entry.model = "m-1"
        entry.attempts = 2
        entry.isStream = true
        entry.duration = 1_500
        entry.addedLatency = 90
        entry.timeToFirstToken = 700
        entry.usage = Usage(input: 3, output: 4)
        entry.usageBasis = .provider
        entry.cost = NanoUSD(nanos: 1_234)
        captured.output(.json).record(entry)
        #expect(
            captured.lines == [
                #"{"time":"2025-11-21T04:40:00.123Z","level":"info","logger":"sira.access","#
                    + #""message":"request finished","request":"req_00000000000000000000000001","key":"key_1","#
                    + #""key_name":"build robot","operation":"chat","requested_model":"fast","provider":"acme","#
                    + #""model":"m-1","status":200,"outcome":"ok","attempts":2,"stream":true,"duration_us":1500,"#
                    + #""added_us":90,"first_token_us":700,"input_tokens":3,"output_tokens":4,"usage":"provider","#
                    + #""cost_usd":"0.000001234"}"# + "\n"
            ]
        )
    }

    @Test func `a failure is as loud as it is ours`() {
        let output = captured.output(.text, level: .warning)
        for outcome in Outcome.allCases {
            var entry = AccessEntry(request: RequestID(high: 0, low: 1))
            entry.outcome = outcome
            output.record(entry)
        }
        #expect(captured.lines.count == 2)
        #expect(captured.lines.first?.contains(" warning  ") == true)
        #expect(captured.lines.last?.contains(" error    ") == true)
    }

    @Test func `the access log can be switched off while running`() {
        let output = captured.output(.json)
        output.writesAccess = false
        output.record(AccessEntry(request: RequestID(high: 0, low: 1)))
        #expect(captured.lines.isEmpty)
    }
}

extension LogOutput {
    fileprivate func record(_ entry: AccessEntry) {
        var line: [UInt8] = []
        append(entry, to: &line)
        if !line.isEmpty { emit(line) }
    }
}
