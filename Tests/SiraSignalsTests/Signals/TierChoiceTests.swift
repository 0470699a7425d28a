import Foundation
import SiraSignals
import SiraTesting
import SiraWire
import Testing

@Suite struct TierChoiceTests {
    private func choice(_ change: (inout RequestFacts) -> Void) -> TierChoice {
        var facts = RequestFacts()
        facts.promptTokens = 400
        facts.language = .english
        change(&facts)
        return TierChoice(for: facts)
    }

    @Test func `a request that shows nothing is balanced`() {
        let choice = choice { _ in }
        #expect(choice.tier == .balanced)
        #expect(choice.reasons == ["nothing speaks for another tier"])
    }

    @Test func `small talk is cheap`() {
        let choice = choice {
            $0.promptTokens = 12
            $0.task = .chat
        }
        #expect(choice.tier == .economy)
        #expect(choice.reasons == ["small talk", "12 tokens"])
    }

    @Test func `a proof asked for with reasoning is for the best`() {
        let choice = choice {
            $0.wantsReasoning = true
            $0.task = .math
        }
        #expect(choice.tier == .quality)
        #expect(choice.reasons == ["wants reasoning", "asks to calculate or to prove something"])
    }

    @Test func `much code is for the best, with the share told`() {
        let choice = choice {
            $0.codeShare = 0.38
            $0.task = .code
        }
        #expect(choice.tier == .quality)
        #expect(choice.reasons.contains("code: 38 % of the prompt"))
    }

    @Test(arguments: [99_999, 100_000, Int.max])
    func `a very long prompt needs a model that can read it, whatever else it shows`(tokens: Int) {
        let choice = choice {
            $0.promptTokens = tokens
            $0.wantsReasoning = true
            $0.codeShare = 0.9
        }
        #expect((choice.tier == .long) == (tokens >= 100_000))
    }

    @Test func `what speaks against a choice is told as well`() {
        let choice = choice {
            $0.task = .classification
            $0.promptTokens = 20
            $0.hasImages = true
        }
        #expect(choice.tier == .economy)
        #expect(choice.reasons == ["asks to classify something", "20 tokens", "but has images"])
    }

    @Test func `where two tiers are level the cheaper one wins`() {
        struct Level: Signal {
            let name = "level"
            func read(_ facts: RequestFacts) -> Reading {
                Reading([.init(.economy, 1), .init(.balanced, 0.5), .init(.quality, 1)], "level")
            }
        }
        #expect(TierChoice(for: RequestFacts(), by: [Level()]).tier == .economy)
    }

    @Test func `more of what makes a request hard never makes the choice cheaper`() {
        let order: [Tier] = [.economy, .balanced, .quality, .long]
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let facts = RequestFacts.random(&random)
            let before = order.firstIndex(of: TierChoice(for: facts).tier) ?? -1
            var harder = facts
            harder.wantsReasoning = true
            #expect(order.firstIndex(of: TierChoice(for: harder).tier) ?? -1 >= before)
            harder = facts
            harder.promptTokens = max(120_000, facts.promptTokens)
            #expect(TierChoice(for: harder).tier == .long)
        }
    }

    @Test func `every signal has its own name, and says in words what it says`() {
        #expect(Set(Signals.all.map(\.name)).count == Signals.all.count)
        var (random, spoke) = (SeededRandom(seed: 5), Set<String>())
        for _ in 0..<2_000 {
            let facts = RequestFacts.random(&random)
            for signal in Signals.all {
                let reading = signal.read(facts)
                #expect(reading == signal.read(facts))
                #expect(reading.votes.isEmpty == reading.words.isEmpty)
                if !reading.votes.isEmpty { spoke.insert(signal.name) }
                for vote in reading.votes where vote.tier != .long { #expect((-3...3).contains(vote.weight)) }
            }
        }
        #expect(spoke == Set(Signals.all.map(\.name)))
    }

    @Test func `every file of a signal is in the list`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "Sources/SiraSignals/Signals"
            )
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix("Signal.swift") && $0 != "Signal.swift" }
        #expect(Set(files) == Set(Signals.all.map { "\(type(of: $0)).swift" }))
    }
}
