import Logging
import SiraCore
import SiraTelemetry
import Testing

@Suite struct StructuredLogHandlerTests {
    let captured = CapturedLog()

    func logger(_ output: LogOutput) -> Logger {
        Logger(label: "sira.test") { output.makeHandler(label: $0) }
    }

    @Test func `a JSON line is one object with typed fields in a fixed order`() {
        var logger = logger(captured.output(.json))
        logger[metadataKey: "lane"] = "\(2)"
        logger.info(
            "listening",
            metadata: [
                "port": .stringConvertible(8_080), "tls": .stringConvertible(false),
                "names": .array(["a", .dictionary(["b": .stringConvertible(1.5)])]),
            ]
        )
        #expect(
            captured.lines == [
                #"{"time":"2025-11-21T04:40:00.123Z","level":"info","logger":"sira.test","message":"listening","#
                    + #""lane":"2","names":["a",{"b":1.5}],"port":8080,"tls":false}"# + "\n"
            ]
        )
    }

    @Test func `a text line quotes what is not one plain word`() {
        let logger = logger(captured.output(.text))
        logger.warning("slow provider", metadata: ["id": "acme", "why": "two words", "empty": ""])
        #expect(
            captured.lines == [
                "2025-11-21T04:40:00.123Z warning  sira.test: slow provider empty=\"\" id=acme why=\"two words\"\n"
            ]
        )
    }

    @Test(arguments: LogFormat.allCases)
    func `no value can begin a line, move the cursor or reorder the text`(format: LogFormat) {
        let hostile = "a\r\nb\u{1B}[2Jc\u{85}d\u{2028}e\u{202E}f\u{7F}g\u{0}h"
        logger(captured.output(format)).info("\(hostile)", metadata: ["\(hostile)": "\(hostile)"])
        let line = captured.lines.joined()
        #expect(line.unicodeScalars.filter { $0 == "\n" }.count == 1)
        #expect(line.hasSuffix("\n"))
        let dangerous: [Unicode.Scalar] = ["\r", "\u{1B}", "\u{85}", "\u{2028}", "\u{202E}", "\u{7F}", "\u{0}"]
        #expect(!line.unicodeScalars.contains { dangerous.contains($0) })
        #expect(line.contains(#"a\r\nb\u001b[2Jc\u0085d\u2028e\u202ef\u007fg\u0000h"#))
    }

    @Test func `a field cannot pass for one of the fixed parts`() {
        logger(captured.output(.json)).info("m", metadata: ["level": "error", "message": "forged"])
        #expect(captured.lines.joined().contains(#""message":"m","field.level":"error","field.message":"forged""#))
    }

    @Test(arguments: LogFormat.allCases)
    func `a secret is never shown`(format: LogFormat) {
        let secret = Secret("sk-1234567890")
        let logger = logger(captured.output(format))
        logger.error(
            "key \(secret) refused",
            metadata: [
                "a": .stringConvertible(secret), "b": "\(secret)", "c": .array([.stringConvertible(secret)]),
                "d": "\(String(reflecting: [secret]))",
            ]
        )
        #expect(captured.lines.count == 1)
        #expect(!captured.lines.joined().contains("1234567890"))
    }

    @Test func `the level changes for loggers that exist already`() {
        let output = captured.output(.text)
        let logger = logger(output)
        logger.debug("one")
        output.level = .debug
        logger.debug("two")
        output.level = .error
        logger.warning("three")
        #expect(captured.lines.count == 1)
        #expect(captured.lines.joined().contains(": two"))
    }

    @Test func `a logger's own level stays its own`() {
        let output = captured.output(.text)
        var logger = logger(output)
        logger.logLevel = .critical
        output.level = .trace
        logger.error("unheard")
        #expect(captured.lines.isEmpty)
    }
}
