import SiraBilling
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Codes that organizations turn in for credit.
struct CodeEndpoints: Sendable {
    let source: BillingSource

    var all: [Endpoint] { [list, create, revoke, redeem] }

    private static let properties: [(name: String, schema: JSONSchema)] = [
        ("id", .text(1...60)),
        ("object", .word(["redeem_code"])),
        ("amount_usd", .money()),
        ("uses", JSONSchema.integer(1...10_000).described("How many organizations may turn it in, each once.")),
        ("used", .integer(0...10_000)),
        ("note", .text(0...500)),
        ("created_at", .time),
        ("expires_at", JSONSchema.time.orNull),
        ("revoked_at", JSONSchema.time.orNull),
        ("redeemed_by", JSONSchema.list(.text(1...60)).described("The organizations that turned it in.")),
    ]

    private var list: Endpoint {
        Endpoint(
            .get,
            "/redeem-codes",
            name: "list_redeem_codes",
            tag: "billing",
            "List redeem codes, without their texts",
            access: .gateway(Permission(.billing, .read)),
            answer: ResourceSchemas.page(of: .object(Self.properties))
        ) { [source] request in
            let codes = try await source.codes.codes(after: request.query["after"], limit: request.limit + 1)
            let page = codes.prefix(request.limit)
            return EndpointReply(
                ResourceEndpoints.page(page.map { Self.json($0) }, codes.count > page.count ? page.last?.id : nil)
            )
        }.with {
            $0.details = "By their ids."
            $0.parameters = [
                .limit,
                EndpointParameter("after", .text(length: 1...60, format: nil), "Only what comes after this one."),
            ]
        }
    }

    private var create: Endpoint {
        Endpoint(
            .post,
            "/redeem-codes",
            name: "create_redeem_code",
            tag: "billing",
            "Make a redeem code",
            access: .gateway(Permission(.billing, .write)),
            answer: .object(
                Self.properties + [
                    (
                        "code",
                        JSONSchema.text(1...60).orNull.described("The text; null where the answer is a repetition.")
                    )
                ]
            )
        ) { [source] request in
            let order = try CodeOrder.read(from: request.body)
            let issued = try RedeemCode.issue(
                amount: order.amount,
                uses: order.uses,
                expiresAt: order.expiresAt,
                note: order.note,
                at: source.clock.now()
            )
            try await source.codes.keep(issued.code)
            var changes = JSONWriter()
            changes.object { json in
                json.array("amount_usd") {
                    $0.null()
                    $0.element(order.amount.description)
                }
                json.array("uses") {
                    $0.null()
                    $0.element(order.uses)
                }
            }
            try await source.note("redeem_code.create", issued.code.id, changes.bytes, by: request.author)
            return EndpointReply(
                Self.json(issued.code, text: .some(issued.text.reveal())),
                kept: Self.json(issued.code, text: .some(nil))
            )
        }.with {
            $0.details = "The answer has the code's text, which is shown this once and kept nowhere."
            $0.body = .fields(CodeOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private var revoke: Endpoint {
        Endpoint(
            .delete,
            "/redeem-codes/{id}",
            name: "revoke_redeem_code",
            tag: "billing",
            "Withdraw a redeem code",
            access: .gateway(Permission(.billing, .write)),
            answer: nil
        ) { [source] request in
            do {
                try await source.codes.revoke(request.id, at: source.clock.now())
            } catch StoreError.notFound {
                throw DeskError.missing(kind: "redeem code", id: request.id)
            }
            try await source.note("redeem_code.revoke", request.id, Array("{}".utf8), by: request.author)
            return EndpointReply()
        }.with {
            $0.details = "What was turned in stays with who has it."
            $0.status = 204
        }
    }

    private var redeem: Endpoint {
        Endpoint(
            .post,
            "/organizations/{id}/redeem",
            name: "redeem_code",
            tag: "billing",
            "Turn in a redeem code for an organization's credit",
            access: .holder(Permission(.billing, .write)),
            answer: CreditEndpoints.transfer
        ) { [source] request in
            let order = try RedeemOrder.read(from: request.body)
            _ = try await source.organization(request.id, .write, request.author)
            let chained = try await source.codes.redeem(order.code.reveal(), for: request.id, at: source.clock.now())
            let changes = AuditChange.json(AuditChange("code", to: chained.transfer.reference))
            try await source.note("credit.redeem", request.id, changes, by: request.author)
            return CreditEndpoints.reply(chained)
        }.with {
            $0.body = .fields(RedeemOrder.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    /// - Parameter text: nil leaves it out, an inner nil says that it is not told again.
    private static func json(_ code: RedeemCode, text: String?? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            code.write(to: &json)
            if let text {
                if let text { json.member("code", text) } else { json.null("code") }
            }
        }
        return json.bytes
    }
}

/// What a redeem code is to be like.
struct CodeOrder: FieldGroup {
    var amount = NanoUSD.zero
    var uses = 1
    var expiresAt: Timestamp?
    var note = ""

    static var fields: [GroupField<Self>] {
        GroupField("amount_usd", \.amount, .money(), isRequired: true, "What it is worth; above 0.")
        GroupField("uses", \.uses, .integer(1...10_000), "How many organizations may turn it in, each once.")
        GroupField("expires_at", \.expiresAt, .time, "Until when it is taken.")
        GroupField("note", \.note, .text(0...500), "For people: a campaign, an event.")
    }
}

/// A code that is turned in.
struct RedeemOrder: FieldGroup {
    var code = Secret("")

    static var fields: [GroupField<Self>] {
        GroupField("code", \.code, .secret(1...100), isRequired: true, "The code, as it was written.")
    }
}
