import SiraCore
import SiraStorage
import Testing

@Suite struct RequestQueryReaderTests {
    private func read(_ text: String) throws -> [RequestTerm] { try RequestQueryReader.read(text) }

    @Test(arguments: [
        ("model:gpt-4o", RequestTerm(.text(.model, ["gpt-4o"]))),
        ("-team:evals", RequestTerm(.text(.team, ["evals"]), isNegated: true)),
        ("model:(a OR b)", RequestTerm(.text(.model, ["a", "b"]))),
        ("user:\"Anna K\"", RequestTerm(.text(.user, ["Anna K"]))),
        ("latency:>2s", RequestTerm(.number(.latency, least: 2_000_001, most: nil))),
        ("ttft:<=300", RequestTerm(.number(.ttft, least: nil, most: 300_000))),
        ("latency:1s..1.5s", RequestTerm(.number(.latency, least: 1_000_000, most: 1_500_000))),
        ("cost:>=0.01", RequestTerm(.number(.cost, least: 10_000_000, most: nil))),
        ("status:5xx", RequestTerm(.number(.status, least: 500, most: 599))),
        ("status:429", RequestTerm(.number(.status, least: 429, most: 429))),
        ("tokens:>2k", RequestTerm(.number(.tokens, least: 2_001, most: nil))),
        ("is:error", RequestTerm(.flag(.error))), ("is:blocked", RequestTerm(.outcome([.blocked]))),
        ("-has:fallback", RequestTerm(.flag(.fallback), isNegated: true)),
        ("tag.env:prod", RequestTerm(.text(.tag, ["env:prod", "env=prod"]))),
        ("why:upstream_timeout", RequestTerm(.text(.why, ["upstream_timeout"]))),
        ("tag.Env:prod", RequestTerm(.text(.tag, ["Env:prod", "Env=prod"]))),
        ("Model:A", RequestTerm(.text(.model, ["A"]))),
        ("model:(\"a b\" OR \"OR\")", RequestTerm(.text(.model, ["a b", "OR"]))),
        ("user:\"Bob(ops)\"", RequestTerm(.text(.user, ["Bob(ops)"]))), ("\"OR\"", RequestTerm(.anywhere("OR"))),
        ("claude", RequestTerm(.anywhere("claude"))), ("\"a b\"", RequestTerm(.anywhere("a b"))),
    ])
    func `a term means what it says`(text: String, term: RequestTerm) throws {
        #expect(try read(text) == [term])
        #expect(try read("\t\(text)\t is:slow\n") == [term, RequestTerm(.flag(.slow))])
        #expect(try read("  \(text)  is:slow ") == [term, RequestTerm(.flag(.slow))])
    }

    @Test func `an id by itself is that request`() throws {
        let id = RequestID(high: 7, low: 9)
        #expect(try read("\(id)") == [RequestTerm(.request(id))])
        #expect(try read("id:\(id)") == [RequestTerm(.request(id))])
    }

    @Test(arguments: [
        "color:red", "latency:fast", "latency:>", "model:", "model:(a OR", "\"open", "-", "is:happy", "outcome:good",
        "body:secret", "req_1", "id:1", "cost:1e3", "latency:(1 OR 2)", "status:999999999999999999999",
        "a OR b", "a AND b", "(a", "a)", "(model:a OR model:b)", "user:Bob(ops)", "model:\"a\"b\"", "\"a\"b",
        "team:(a OR b)c", "team:(a AND b)",
        "team:(a\"b)", "team:(\"a\"b)", "team:a)", "model:a\"",
        "tokens:-9223372036854775808", "tokens:>9223372036854775807", "tokens:1..-9223372036854775808", "latency:nan",
        "latency:infs", "latency:1e300s", "cost:-9223372036.854775807",
    ])
    func `what cannot be read is refused and never taken for a text`(text: String) {
        #expect(throws: RequestQueryError.self) { try read(text) }
    }

    @Test func `no number, however great, is more than a refusal`() {
        let numbers = [
            "\(Int64.min)", "\(Int64.max)", "\(Int64.min / 2)", "\(Int64.max / 2)", "\(UInt64.max)", "-0", "+1", "1e18",
            "-1e18", "1e308", "nan", "-inf", "9223372036.854775807", "-9223372036.854775808", "4611686018.427387903",
            "",
        ]
        let units = ["", "us", "ms", "s", "m", "k", "xx", "$"]
        for field in RequestTerm.NumberField.allCases {
            for (sign, unit) in ["", ">", "<", ">=", "<=", "1..", "-", "$"].flatMap({ sign in units.map { (sign, $0) } }
            ) {
                for number in numbers {
                    _ = try? read("\(field.rawValue):\(sign)\(number)\(unit)")
                    _ = try? read("-\(field.rawValue):\(number)\(unit)..\(number)")
                }
            }
        }
    }

    @Test func `a query has an end`() {
        #expect(throws: RequestQueryError.self) { try read(Array(repeating: "a", count: 21).joined(separator: " ")) }
    }
}
