import SiraCore
import SiraJSON

/// The message to an operator's own program.
enum WebhookFormat {
    /// JSON of type `alert`, with the id in `X-Sira-Notice` and as idempotency key, and signed if there is a secret.
    static func content(_ alert: Alert, _ url: Secret, _ secret: Secret?, at time: Timestamp) -> OutgoingNotice.Content
    {
        var json = JSONWriter()
        json.object { object in
            object.member("object", "alert")
            alert.write(to: &object)
        }
        var headers = [
            OutgoingNotice.Header("content-type", "application/json"),
            OutgoingNotice.Header("x-sira-notice", alert.id),
            OutgoingNotice.Header("idempotency-key", alert.id),
        ]
        if let secret {
            let signature = NoticeSignature.webhook(json.bytes, secret: secret, at: time)
            headers.append(OutgoingNotice.Header("x-sira-signature", signature))
        }
        return .http(url: url, headers: headers, body: json.bytes)
    }
}
