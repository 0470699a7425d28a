import SiraSignals
import SiraTesting
import Testing

@Suite struct ExpressionErrorTests {
    @Test(arguments: [
        ("toknes > 5", ExpressionError.Kind.unknownName, 1), ("", .unexpected, 1), ("   ", .unexpected, 4),
        ("tokens >", .unexpected, 9), ("tokens > 5 5", .unexpected, 12), ("(images", .unexpected, 8),
        ("images)", .unexpected, 7),
        ("not", .unexpected, 4), ("and images", .unexpected, 1), ("images and or json", .unexpected, 12),
        ("1 < 2 < 3", .unexpected, 7), ("tokens", .mistyped, 1), ("'a'", .mistyped, 1), ("tags", .mistyped, 1),
        ("model > 'a'", .mistyped, 7), ("model == 5", .mistyped, 7), ("images == 'a'", .mistyped, 8),
        ("images == json", .mistyped, 8), ("images < true", .mistyped, 8), ("tokens in ['a']", .mistyped, 8),
        ("model in [1]", .mistyped, 7), ("images in ['a']", .mistyped, 8), ("tokens contains 'a'", .mistyped, 8),
        ("tags matches 'a'", .mistyped, 6), ("model matches user", .mistyped, 7), ("tags == 'a'", .mistyped, 6),
        ("['a'] == ['a']", .mistyped, 7), ("model in ['a', 1]", .mistyped, 16), ("model in []", .unexpected, 11),
        ("model in ['a',]", .unexpected, 15), ("model in ['a' 'b']", .unexpected, 15), ("'abc", .unterminated, 1),
        ("model == \"a'", .unterminated, 10), (#"'a\n' == 'b'"#, .badCharacter, 3), ("model == #", .badCharacter, 10),
        ("images && json", .badCharacter, 8), ("images || json", .badCharacter, 8), ("!images", .badCharacter, 1),
        ("tokens = 5", .badCharacter, 8), ("tokens > 5x", .badNumber, 11), ("tokens > 5kb", .badNumber, 12),
        ("tokens > 1.2.3", .badNumber, 13), ("tokens > 12345678901234567", .badNumber, 10),
        ("language == 'english'", .unknownValue, 13), ("task in ['code', 'poetry']", .unknownValue, 9),
        ("weekday == 'monday'", .unknownValue, 12), ("'chatt' == operation", .unknownValue, 9),
        ("hour('+25:00') == 1", .unknownValue, 6), ("hour(8) == 1", .unknownValue, 6),
        ("hour('+08:00' == 1", .unexpected, 15),
        ("header == 'a'", .unexpected, 8), ("header[''] == 'a'", .unknownValue, 8),
        ("header['a b'] == 'a'", .unknownValue, 8),
        ("header.== 'a'", .badCharacter, 7), ("价 > 5", .badCharacter, 1), ("model == '价' x", .unexpected, 14),
    ])
    func `what is wrong is told with its place`(text: String, kind: ExpressionError.Kind, position: Int) {
        let error = #expect(throws: ExpressionError.self) { try Expression(parsing: text) }
        #expect(error?.kind == kind, "\(error?.description ?? "")")
        #expect(error?.position == position, "\(error?.description ?? "")")
    }

    @Test func `what may have been meant is told`() {
        let error = #expect(throws: ExpressionError.self) { try Expression(parsing: "model == 'a' or toknes > 5") }
        #expect(error?.description == #"unknown name "toknes" at 17; did you mean tokens?"#)
    }

    @Test func `lengths are limited`() {
        let long = "model == '" + String(repeating: "a", count: Expression.longest) + "'"
        #expect(throws: ExpressionError.self) { try Expression(parsing: long) }
        let list = "turns in [" + (0...256).map { "\($0)" }.joined(separator: ",") + "]"
        let error = #expect(throws: ExpressionError.self) { try Expression(parsing: list) }
        #expect(error?.kind == .tooLong)
    }

    @Test(arguments: ["(", "not "])
    func `depth is limited`(opening: String) throws {
        func nested(_ times: Int) -> String {
            String(repeating: opening, count: times) + "images"
                + String(repeating: opening == "(" ? ")" : "", count: times)
        }
        _ = try Expression(parsing: nested(Expression.deepest - 1))
        for times in [Expression.deepest, 1_000] {
            let error = #expect(throws: ExpressionError.self) { try Expression(parsing: nested(times)) }
            #expect(error?.kind == .tooDeep)
        }
    }

    @Test func `no text makes it trap, and every error has a place in the text`() {
        let pieces = [
            "tokens", "model", "header", "header.", "tags", "hour", "weekday", "and", "or", "not", "in", "matches",
            "contains",
            "(", ")", "[", "]", ",", "==", "!=", "<", ">=", "=", "!", "'", "\"", "'a'", "\\", "5", "5k", "0.", ".5",
            "99999999999",
            " ", "\n", "价", "🙂", "\u{0}", "\u{301}", "'+08:00'", "true", "images", "-", "&", ";",
        ]
        var random = SeededRandom(seed: 99)
        var read = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in
                (pieces.randomElement(using: &random) ?? "") + (Bool.random(using: &random) ? " " : "")
            }.joined()
            do throws(ExpressionError) {
                let expression = try Expression(parsing: text)
                read += 1
                #expect((try? Expression(parsing: expression.description)) == expression)
            } catch {
                #expect((1...text.unicodeScalars.count + 1).contains(error.position), "\(text): \(error)")
                #expect(!error.message.isEmpty)
            }
        }
        #expect(read > 0)
    }
}
