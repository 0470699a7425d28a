import SiraCore
import SiraSignals
import SiraTesting
import Testing

@Suite struct ExpressionTests {
    private static let facts: RequestFacts = {
        var facts = RequestFacts()
        facts.model = "gpt-4o-mini"
        facts.operation = "chat"
        facts.key = "alice"
        facts.tags = ["beta", "eu"]
        facts.headers = ["x-team": "search", "weird!name": "yes"]
        facts.isStream = true
        facts.promptTokens = 8_000
        facts.turns = 3
        facts.tools = 2
        facts.hasImages = true
        facts.codeShare = 0.25
        facts.language = .chinese
        facts.task = .translation
        facts.user = "u-17@example.com"
        // Saturday, 2026-11-21, 23:30 UTC.
        facts.time = Timestamp(microseconds: 1_795_303_800_000_000)
        return facts
    }()

    @Test(arguments: [
        ("tokens == 8k", true), ("tokens > 8k", false), ("tokens >= 8000", true), ("0.008m == tokens", true),
        ("8k < tokens or tokens <= 8k", true), ("tokens != 8k", false),
        ("model == 'gpt-4o-mini'", true), ("model == 'GPT-4o-mini'", false), ("model != ''", true),
        ("model matches 'gpt-*'", true), ("model matches '*mini'", true), ("model matches 'g*4*i'", true),
        ("model matches 'gpt-4o'", false), ("model matches '*'", true), ("model matches ''", false),
        ("model matches '**mini**'", true), ("model matches 'gpt-4o-mini'", true), ("model matches '*x*'", false),
        ("model contains '4o'", true), ("model contains ''", true), ("model contains 'gpt-4o-mini-2'", false),
        ("user contains '@example.com'", true), ("key in ['bob', 'alice']", true), ("key in ['bob']", false),
        ("'gpt' in ['gpt']", true), ("tags contains 'beta'", true), ("'eu' in tags", true),
        ("tags contains 'e'", false), ("tags contains key", false), ("header.x-team == 'search'", true),
        ("header.X-Team == 'search'", true), ("header['weird!name'] == 'yes'", true), ("header.x-none == ''", true),
        ("images", true), ("not images", false), ("audio or files or json or reasoning", false), ("stream", true),
        ("stream == true", true), ("stream != false", true), ("images == false", false), ("true and not false", true),
        ("turns == 3 and tools == 2", true), ("code >= 0.25", true), ("code > 0.25", false),
        ("turns in [1, 2, 3]", true),
        ("language == 'zh' and task == 'translation' and operation == 'chat'", true), ("session == ''", true),
        ("output_limit < 100", false), ("output_limit >= 0", false), ("output_limit != 5", false),
        ("not output_limit < 100", true), ("output_limit in [1]", false),
        ("hour == 23 and weekday == 'sat'", true), ("hour('+08:00') == 7 and weekday('+08:00') == 'sun'", true),
        ("hour('-14:00') == 9", true), ("hour('+00:30') == 0", true), ("weekday('Z') in ['sat', 'sun']", true),
        ("images or audio and files", true), ("(images or audio) and files", false), ("not images or stream", true),
        ("not (images and stream)", false), ("not not images", true), (#"'it\'s' == "it's""#, true),
        (#"'a\\b' contains '\\'"#, true), ("1 < 2", true), ("'a' == 'b'", false),
    ])
    func `means what it says`(text: String, holds: Bool) throws {
        #expect(try Expression(parsing: text).holds(for: Self.facts) == holds)
    }

    @Test func `an output limit is compared where the client gives one`() throws {
        var facts = Self.facts
        facts.outputLimit = 50
        #expect(try Expression(parsing: "output_limit < 100").holds(for: facts))
    }

    @Test(arguments: [-1, 0, 345_600_000_000, Int64.max, Int64.min])
    func `any time has a weekday and an hour`(time: Int64) throws {
        var facts = RequestFacts()
        facts.time = Timestamp(microseconds: time)
        for zone in ["-14:00", "+14:00"] {
            let days = try ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].count {
                try Expression(parsing: "weekday('\(zone)') == '\($0)'").holds(for: facts)
            }
            #expect(days == 1)
            #expect(try Expression(parsing: "hour('\(zone)') >= 0 and hour('\(zone)') <= 23").holds(for: facts))
        }
    }

    @Test(arguments: [
        ("model == 'a' and key == 'b' and tags contains 'c'", false),
        ("header.x-a == 'b' or hour > 3 or weekday == 'mon'", false), ("stream and operation == 'chat'", false),
        ("true", false), ("tokens > 5", true), ("stream or images", true), ("not json", true), ("task == 'code'", true),
        ("user == 'a'", true), ("session == 'a'", true), ("'zh' == language", true), ("tags contains user", true),
        ("code in [0]", true), ("user matches 'a'", true), ("user in ['a']", true), ("model contains user", true),
    ])
    func `says whether it needs the body`(text: String, needed: Bool) throws {
        #expect(try Expression(parsing: text).needsCall == needed)
    }

    @Test(arguments: [
        ("( (tokens>8K) )and((images))", "tokens > 8K and images"),
        ("a_b", nil), ("'eu' in tags", "tags contains 'eu'"), ("stream == false", "not stream"),
        (#"model == "it's""#, #"model == 'it\'s'"#),
        ("not(images and(json or files))", "not (images and (json or files))"),
        ("images or (json or files)", "images or json or files"), ("hour('+00:00') == 1", "hour == 1"),
        ("hour('-05:30') == 1", "hour('-05:30') == 1"), ("header['X-A'] == 'b'", "header.x-a == 'b'"),
        ("header['a!'] == 'b'", "header['a!'] == 'b'"),
    ])
    func `has one plain form`(text: String, form: String?) throws {
        guard let form else {
            #expect(throws: ExpressionError.self) { try Expression(parsing: text) }
            return
        }
        #expect(try Expression(parsing: text).description == form)
    }

    @Test func `the plain form of any expression reads as the same, and means the same`() throws {
        var random = SeededRandom(seed: 2026)
        for _ in 0..<3_000 {
            let text = RandomExpression.text(&random, depth: 4)
            let expression = try Expression(parsing: text)
            let again = try Expression(parsing: expression.description)
            #expect(again == expression, "\(text)")
            #expect(again.description == expression.description)
            let facts = RequestFacts.random(&random)
            #expect(again.holds(for: facts) == expression.holds(for: facts))
        }
    }

    @Test func `no request makes a difference to what needs no body`() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2_000 {
            let expression = try Expression(parsing: RandomExpression.text(&random, depth: 3))
            guard !expression.needsCall else { continue }
            let facts = RequestFacts.random(&random)
            var other = RequestFacts.random(&random)
            (other.model, other.operation, other.key) = (facts.model, facts.operation, facts.key)
            (other.tags, other.headers, other.isStream, other.time) =
                (facts.tags, facts.headers, facts.isStream, facts.time)
            #expect(expression.holds(for: facts) == expression.holds(for: other), "\(expression)")
        }
    }

    @Test func `a pattern with many stars takes a bounded time`() throws {
        var facts = RequestFacts()
        facts.model = String(repeating: "a", count: 4_000)
        let pattern = String(repeating: "a*", count: 1_000) + "b"
        #expect(try !Expression(parsing: "model matches '\(pattern)'").holds(for: facts))
    }
}
