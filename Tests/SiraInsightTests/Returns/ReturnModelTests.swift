import SiraCore
import SiraInsight
import SiraTesting
import Testing

struct ReturnModelTests {
    private static func dollars(_ text: String) throws -> NanoUSD { try #require(NanoUSD(decimal: text)) }

    private static func model() throws -> ReturnModel {
        var model = ReturnModel(requests: 1_000_000, costPerRequest: try dollars("0.004"))
        model.cacheHitRate = Share(0.2)
        model.batchRate = Share(0.3)
        model.overhead = try dollars("200")
        return model
    }

    @Test
    func `a million requests with a cache and batches`() throws {
        let model = try Self.model()
        // 4,000 · 0.8 · (1 − 0.3 · 0.5) + 200 = 2,720 + 200
        #expect(model.costWithout == (try Self.dollars("4000")))
        #expect(model.costWith == (try Self.dollars("2920")))
        #expect(model.savings == (try Self.dollars("1080")))
        #expect(model.cacheSavings == (try Self.dollars("800")))
        #expect(model.batchSavings == (try Self.dollars("480")))
        #expect(model.returnOnInvestment == 5.4)
        #expect(model.savedShare == 0.27)
        // 200 ÷ (0.004 · 0.32) = 156,250
        #expect(model.breakEvenRequests == 156_250)
        #expect(model.breakEvenHitRate == .zero)
    }

    @Test
    func `at the break-even nothing is lost, and below it something is`() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            var model = ReturnModel(
                requests: 0,
                costPerRequest: NanoUSD(nanos: Int64.random(in: 1_000...100_000_000, using: &random))
            )
            model.cacheHitRate = Share(Double.random(in: 0...0.9, using: &random))
            model.batchRate = Share(Double.random(in: 0.1...1, using: &random))
            model.overhead = NanoUSD(nanos: Int64.random(in: 1_000_000_000...1_000_000_000_000, using: &random))
            let count = try #require(model.breakEvenRequests)
            model.requests = count
            #expect(model.savings.nanos >= 0)
            model.requests = count - 1
            #expect(model.savings.nanos <= 0)
        }
    }

    @Test
    func `at the break-even hit rate the cache pays for itself`() throws {
        var model = try Self.model()
        model.batchRate = .zero
        // 200 of 4,000
        #expect(model.breakEvenHitRate == Share(0.05))
        model.cacheHitRate = Share(0.05)
        #expect(model.savings == .zero)
        model.overhead = try Self.dollars("4001")
        #expect(model.breakEvenHitRate == nil)
    }

    @Test
    func `without cache and batches the overhead is lost`() throws {
        var model = try Self.model()
        (model.cacheHitRate, model.batchRate) = (.zero, .zero)
        #expect(model.savings == (try Self.dollars("-200")))
        #expect(model.returnOnInvestment == -1)
        #expect(model.breakEvenRequests == nil)
        model.overhead = .zero
        #expect(model.returnOnInvestment == nil)
        #expect(model.breakEvenRequests == 0)
    }

    @Test
    func `the parts of the savings are the whole`() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            var model = ReturnModel(
                requests: Int64.random(in: 0...1_000_000_000, using: &random),
                costPerRequest: NanoUSD(nanos: Int64.random(in: 0...1_000_000_000, using: &random))
            )
            model.cacheHitRate = Share(Double.random(in: 0...1, using: &random))
            model.batchRate = Share(Double.random(in: 0...1, using: &random))
            model.batchDiscount = Share(Double.random(in: 0...1, using: &random))
            model.overhead = NanoUSD(nanos: Int64.random(in: 0...1_000_000_000_000, using: &random))
            #expect(model.cacheSavings + model.batchSavings == model.savings + model.overhead)
            #expect(model.costWith.nanos >= model.overhead.nanos)
        }
    }

    @Test
    func `one nano-dollar is rounded half to even`() {
        var model = ReturnModel(requests: 1, costPerRequest: NanoUSD(nanos: 1))
        model.cacheHitRate = .half
        #expect(model.costWith == .zero)
        model.costPerRequest = NanoUSD(nanos: 3)
        #expect(model.costWith == NanoUSD(nanos: 2))
    }

    @Test
    func `what is too much stays at the limit`() {
        var model = ReturnModel(requests: .max, costPerRequest: NanoUSD(nanos: .max))
        model.overhead = NanoUSD(nanos: .max)
        model.cacheHitRate = Share(0.1)
        #expect(model.costWithout.nanos == .max && model.costWith.nanos == .max)
        #expect(ReturnModel(requests: -5, costPerRequest: NanoUSD(nanos: 7)).costWithout == .zero)
        #expect(Sensitivity(model).lines.count == 35)
    }

    @Test
    func `shares that are none are brought to the nearer end`() {
        #expect(Share(-1) == .zero && Share(.nan) == .zero && Share(7).value == 1)
        #expect(Share(0.123_456_7).millionths == 123_457)
    }
}
