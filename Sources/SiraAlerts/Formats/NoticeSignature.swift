import Crypto
package import SiraCore

/// The signatures by which receivers know that a message is ours.
package enum NoticeSignature {
    /// The field `X-Sira-Signature` of webhooks: `t=1763700000,v1=5f2a…`.
    ///
    /// `v1` is HMAC-SHA-256 in hexadecimal digits, with the channel's secret as key, over the time `t` (whole seconds
    /// since 1970), a full stop and the body. A receiver computes it over what it got, compares in constant time, and
    /// refuses times that are more than five minutes away so that nothing old can be sent again.
    package static func webhook(_ body: [UInt8], secret: Secret, at time: Timestamp) -> String {
        let code = code(Array("\(time.seconds).".utf8) + body, key: Array(secret.reveal().utf8))
        let digits = Array("0123456789abcdef".utf8)
        let text = String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        return "t=\(time.seconds),v1=\(text)"
    }

    /// The field `sign` of Feishu and Lark: nothing is signed with time and secret as key.
    ///
    /// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
    static func feishu(secret: Secret, at time: Timestamp) -> String {
        Base64.encoded(code([], key: Array("\(time.seconds)\n\(secret.reveal())".utf8)))
    }

    /// The parameter `sign` of DingTalk, before it is percent-encoded: time and secret are signed with the secret.
    ///
    /// https://open.dingtalk.com/document/robots/customize-robot-security-settings
    static func dingTalk(secret: Secret, milliseconds: Int64) -> String {
        let text = "\(milliseconds)\n\(secret.reveal())"
        return Base64.encoded(code(Array(text.utf8), key: Array(secret.reveal().utf8)))
    }

    private static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
