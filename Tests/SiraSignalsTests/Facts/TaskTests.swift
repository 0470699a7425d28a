import SiraSignals
import SiraWire
import Testing

@Suite struct TaskTests {
    @Test(arguments: [
        ("Translate the following sentence into French: Good morning.", RequestFacts.Task.translation),
        ("请把下面的句子翻译成英文：今天天气很好", .translation),
        ("Summarize this article in three sentences.", .summary),
        ("给这段文字写一个摘要", .summary),
        ("总结以下内容的要点", .summary),
        ("Write a Python function that reverses a list", .code),
        ("帮我写代码实现快速排序", .code),
        ("这个函数有一个bug，怎么修复", .code),
        ("Calculate 15 percent of 240", .math),
        ("求解方程 x^2 + 3x + 2 = 0", .math),
        ("证明根号2是无理数", .math),
        ("Prove that the argument is logically valid, step by step", .reasoning),
        ("Classify the sentiment of this review as positive or negative", .classification),
        ("对以下评论进行情感分类", .classification),
        ("Extract all person names from the text as a JSON array", .extraction),
        ("从下文提取所有公司名称", .extraction),
        ("Write an essay about friendship", .writing),
        ("写一篇关于春天的作文", .writing),
        ("hello, how are you?", .chat),
        ("你好，你叫什么名字", .chat),
        ("Zanzibar", .other),
        ("", .other),
    ])
    func `is told by the words of English and Chinese`(text: String, task: RequestFacts.Task) {
        #expect(RequestFactsTests.facts(text).task == task, "\(text)")
    }

    @Test func `what is wanted may stand at either end of a long text`() {
        let passage = String(repeating: "The town lies on the river. Its bridges are old. ", count: 4_000)
        #expect(RequestFactsTests.facts("Translate into German:\n" + passage).task == .translation)
        #expect(RequestFactsTests.facts(passage + "\nSummarize the text above.").task == .summary)
    }

    @Test func `what was wanted earlier no longer counts`() {
        let call = Call(turns: [
            RequestFactsTests.turn(.user, .text("Translate into French: good morning")),
            RequestFactsTests.turn(.assistant, .text("Bonjour")),
            RequestFactsTests.turn(.user, .text("Now write a Python function that prints it")),
        ])
        #expect(RequestFacts(of: call).task == .code)
    }

    @Test func `words within words are not taken for words`() {
        #expect(RequestFactsTests.facts("The sqlite-free javanese antibug").task == .other)
    }
}
