/// Where small JSON documents are kept by kind and id: codes, checkouts, subscriptions, what alerts remember.
///
/// Several processes may use the same store at the same time.
package protocol DocumentStore: Sendable {
    /// The document; nil when there is none.
    func document(_ kind: DocumentKind, _ id: String) async throws -> [UInt8]?

    /// Changes a document, or makes it: nothing else comes between reading and writing, and the change is durable once
    /// it returns.
    ///
    /// - Parameter change: gets the document as it is, nil when there is none, and gives what it is to be; nil, or what
    ///   it got, changes nothing. It may be called more than once.
    /// - Returns: the document as it is now.
    /// - Throws: what `change` throws, and then nothing is changed.
    func update(
        _ kind: DocumentKind,
        _ id: String,
        _ change: @escaping @Sendable ([UInt8]?) throws -> [UInt8]?
    ) async throws -> [UInt8]?

    /// Deletes a document; nothing where there is none.
    func remove(_ kind: DocumentKind, _ id: String) async throws

    /// Documents of a kind, ordered by the bytes of their ids.
    ///
    /// - Parameters:
    ///   - after: only those whose id comes after this one.
    ///   - limit: at most so many.
    func documents(_ kind: DocumentKind, after: String?, limit: Int) async throws -> [StoredDocument]
}

/// What a document is about.
///
/// The raw value is what stores keep.
package enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    /// By the beginning of the code's digest.
    case redeemCode = "redeem_code"
    /// A payment that was begun and is waited for, by its id at Stripe.
    case checkout
    /// Which checkout a payment belongs to, by the payment's id at Stripe.
    case payment
    /// An organization's plan, by the organization's id.
    case subscription
    /// Which organization a subscription belongs to, by the subscription's id at Stripe.
    case subscriber
    /// An upgrade prompt that was shown, by organization, kind and period.
    case prompt
    /// What watching for alerts goes on with after a restart: the engine's state, what waits, what was told of late.
    case alertState = "alert_state"
    /// What is to be known of a link to a report, by the digest of the link's text.
    case reportShare = "report_share"
    /// What such a link shows, by the same id.
    case reportShareContent = "report_share_content"
    /// How often such a link was opened, and by whom of late, by the same id.
    case reportShareOpenings = "report_share_openings"
}

/// A document and its id.
package struct StoredDocument: Hashable, Sendable {
    package var id: String
    package var json: [UInt8]

    package init(id: String, json: [UInt8]) {
        self.id = id
        self.json = json
    }
}
