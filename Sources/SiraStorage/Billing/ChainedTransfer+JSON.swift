internal import SiraCore
package import SiraJSON

extension ChainedTransfer {
    /// Writes all of it as members of an object, as the API and the command line show it; amounts are decimal dollars.
    package func write(to json: inout JSONWriter) {
        json.member("id", transfer.id)
        json.member("object", "transfer")
        json.member("sequence", sequence)
        json.member("key", transfer.key)
        json.member("created_at", transfer.at.description)
        json.member("kind", transfer.kind.rawValue)
        json.member("memo", transfer.memo)
        json.member("reference", transfer.reference)
        json.array("postings") { list in
            for posting in transfer.postings {
                list.object {
                    $0.member("account", posting.account)
                    $0.member("amount_usd", posting.amount.description)
                }
            }
        }
        json.member("previous_hash", previous.description)
        json.member("hash", hash.description)
    }
}
