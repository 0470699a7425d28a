import SiraSignals
import Testing

@Suite struct LanguageTests {
    @Test(arguments: [
        ("What is the capital of France?", RequestFacts.Language.english),
        ("hello", .english),
        ("今天天气怎么样？", .chinese),
        ("用Python写一个函数，计算斐波那契数列", .chinese),
        ("請幫我翻譯這段文字", .chinese),
        ("今日の天気はどうですか", .japanese),
        ("この関数をSwiftで書いてください", .japanese),
        ("오늘 날씨가 어때요?", .korean),
        ("Wie ist das Wetter heute und morgen?", .other),
        ("Quelle est la capitale de la France ?", .other),
        ("¿Cuál es la capital de España y por qué?", .other),
        ("Какая сегодня погода?", .other),
        ("ما هي عاصمة فرنسا؟", .other),
        ("", .other),
        ("12345", .other),
    ])
    func `is told by script and by the commonest words`(text: String, language: RequestFacts.Language) {
        #expect(RequestFactsTests.facts(text).language == language, "\(text)")
    }
}
