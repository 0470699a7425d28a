import SiraStorage
import SiraTesting
import Testing

@Suite struct MemoryBillingStoreTests {
    @Test(arguments: BillingStoreExam.all)
    func `stores of billing in memory pass the exam`(exam: BillingStoreExam) async throws {
        try await exam.run(
            BillingStoreExam.Stores(
                transfers: MemoryTransferStore(),
                documents: MemoryDocumentStore(),
                invoices: MemoryInvoiceStore()
            )
        )
    }

    @Test(arguments: ["INV-2026-000001", "INV-2026-999999", "INV-2026-1000000"])
    func `an invoice's number reads as it writes`(text: String) {
        #expect(InvoiceNumber(text)?.description == text)
    }

    @Test(arguments: [
        "", "INV-2026", "INV-2026-1", "INV-2026-000000", "INV-2026--00001", "inv-2026-000001", "INV-+2026-000001",
    ])
    func `what is no invoice's number is not read`(text: String) {
        #expect(InvoiceNumber(text) == nil)
    }

    @Test func `a hash reads as it writes, and nothing else does`() throws {
        let hash = try #require(ChainHash(bytes: 0..<32))
        #expect(ChainHash(hash.description) == hash)
        #expect(hash.description.hasPrefix("000102030405"))
        #expect(ChainHash(hash.description.uppercased()) == nil)
        #expect(ChainHash(hash.description.dropLast()) == nil)
        #expect(ChainHash(bytes: 0..<31) == nil)
    }
}
