import SiraWire
import Testing

@Suite struct ProofMakerTests {
    @Test(arguments: ProofMaker.allCases) func `a named proof is its maker's alone`(maker: ProofMaker) {
        let proof = maker.named("EqQBCg==")
        #expect(ProofMaker(of: proof) == maker)
        #expect(maker.named(proof) == proof)
        for other in ProofMaker.allCases { #expect(other.own(proof) == (other == maker ? "EqQBCg==" : nil)) }
    }

    @Test func `a proof without a name is anyone's`() {
        #expect(ProofMaker(of: "EqQBCg==") == nil)
        for maker in ProofMaker.allCases { #expect(maker.own("EqQBCg==") == "EqQBCg==") }
    }

    @Test func `OpenAI's thoughts tell their maker by themselves`() {
        let proof = "gAAAAABpLk"
        #expect(ProofMaker(of: proof) == .openai)
        #expect(ProofMaker.openai.own(proof) == proof && ProofMaker.anthropic.own(proof) == nil)
        for maker in ProofMaker.allCases { #expect(maker.named(proof) == proof) }
    }

    @Test(arguments: ProofMaker.allCases) func `an empty proof is none`(maker: ProofMaker) {
        #expect(maker.own("") == nil && maker.own(maker.named("")) == nil)
    }
}
