import SiraAlerts
import SiraCore
import SiraJSON
import Testing

@Suite struct AlertChannelTests {
    private let time = SampleAlert.start
    private let url = Secret("https://hooks.example.com/services/T0/B0/hush")

    private func sent(
        _ destination: AlertChannel.Destination,
        _ alert: Alert = SampleAlert.fired(),
        language: AlertLanguage = .english,
        link: String? = nil
    ) throws -> (url: String, headers: [String: String], body: [UInt8]) {
        let channel = AlertChannel(id: "ops", destination: destination, language: language, link: link)
        let notice = channel.notice(of: alert, at: time)
        guard case .http(let url, let headers, let body) = notice.content else {
            throw AlertFormatMistake.notHTTP
        }
        return (url.reveal(), Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) }), body)
    }

    private func read<Result>(_ body: [UInt8], _ get: (JSONValue) throws -> Result) throws -> Result {
        try JSONIndexer().read(body, get)
    }

    @Test func `a webhook gets the alert as JSON, its id and a signature`() throws {
        let alert = SampleAlert.fired()
        let (url, headers, body) = try sent(.webhook(url: self.url, signing: Secret("s3cret")), alert)
        #expect(url == self.url.reveal())
        #expect(headers["x-sira-notice"] == alert.id && headers["idempotency-key"] == alert.id)
        let signature = NoticeSignature.webhook(body, secret: Secret("s3cret"), at: time)
        #expect(headers["x-sira-signature"] == signature)
        #expect(signature.hasPrefix("t=1763700000,v1="))
        try read(body) { json in
            #expect(json["object"]?.string == "alert" && json["id"]?.string == alert.id)
            #expect(json["state"]?.string == "firing" && json["occasion"]?.string == "fired")
            #expect(json["figure"]?.double == 0.125 && json["rule"]?["name"]?.string == "Errors")
            #expect(json["since"]?.string == "2025-11-21T04:40:00.000Z")
        }
    }

    // Reckoned with Python's hmac, as are the signatures of bots below.
    @Test func `the signature of a webhook is that of other implementations`() {
        let signature = NoticeSignature.webhook(Array(#"{"a":1}"#.utf8), secret: Secret("s3cret"), at: time)
        #expect(signature == "t=1763700000,v1=7bd45166d69db1315b93ea1f79915da088946b3ec9dcbe234e430daea776baad")
    }

    @Test func `a webhook without a secret is not signed`() throws {
        #expect(try sent(.webhook(url: url, signing: nil)).headers["x-sira-signature"] == nil)
    }

    @Test func `Slack gets blocks with a text for notifications, and markup is not taken from names`() throws {
        let alert = SampleAlert.fired(subject: "<!channel> & co")
        let body = try sent(.slack(url: url), alert, link: "https://sira.example/alerts").body
        try read(body) { json in
            let text = try #require(json["text"]?.string)
            #expect(text == "Critical: error rate of &lt;!channel&gt; &amp; co is 12.5 %")
            let blocks = Array(try #require(json["blocks"]).elements)
            #expect(blocks.map { $0["type"]?.string } == ["header", "section", "context"])
            #expect(blocks[0]["text"]?["type"]?.string == "plain_text")
            let fields = Array(try #require(blocks[1]["fields"]).elements)
            #expect(fields.count <= 10)
            #expect(fields.contains { $0["text"]?.string == "*Figure*\n12.5 % (125 / 1000)" })
            let footer = blocks[2]["elements"]?.elements.first { _ in true }
            #expect(footer?["text"]?.string == "<https://sira.example/alerts|Open Sira>")
        }
    }

    @Test func `Slack's limits hold for the longest texts`() throws {
        let facts = (0..<40).map { AlertFact("fact \($0)", String(repeating: "长", count: 4_000)) }
        let alert = SampleAlert.fired(subject: String(repeating: "x", count: 5_000), facts: facts)
        try read(try sent(.slack(url: url), alert).body) { json in
            for block in try #require(json["blocks"]).elements {
                if let title = block["text"]?["text"]?.string { #expect(title.count <= 150) }
                let fields = block["fields"].map { Array($0.elements) } ?? []
                #expect(fields.count <= 10)
                #expect(fields.allSatisfy { ($0["text"]?.string?.count ?? 0) <= 2_000 })
            }
        }
    }

    @Test func `Feishu gets a card, signed with time and secret as key`() throws {
        let body = try sent(.feishu(url: url, signing: Secret("demo")), language: .chinese).body
        try read(body) { json in
            #expect(json["msg_type"]?.string == "interactive" && json["timestamp"]?.string == "1763700000")
            #expect(json["sign"]?.string == "AgZKRVgw8ZtXYTdRKtrqxHpADZjpKF1uxHGUiIarsu0=")
            let header = try #require(json["card"]?["header"])
            #expect(header["template"]?.string == "red")
            #expect(header["title"]?["content"]?.string == "Sira · 严重:openai 的错误率为 12.5 %")
            let text = json["card"]?["elements"]?.elements.first { _ in true }?["text"]?["content"]?.string
            #expect(text?.contains("**当前值**: 12.5 % (125 / 1000)") == true)
        }
        let plain = try sent(.feishu(url: url, signing: nil)).body
        try read(plain) { #expect($0["sign"] == nil && $0["timestamp"] == nil) }
    }

    @Test func `a card that tells of an end is green and says how long it was`() throws {
        let end = SampleAlert.story()[2]
        try read(try sent(.feishu(url: url, signing: nil), end).body) { json in
            #expect(json["card"]?["header"]?["template"]?.string == "green")
            let title = json["card"]?["header"]?["title"]?["content"]?.string
            #expect(title == "Sira · Resolved after 12 min: error rate of openai")
        }
    }

    @Test func `DingTalk gets Markdown, and time and signature in the URL`() throws {
        let base = Secret("https://oapi.example.com/robot/send?access_token=abc")
        let (url, headers, body) = try sent(.dingTalk(url: base, signing: Secret("this is secret")))
        #expect(
            url == "\(base.reveal())&timestamp=1763700000000&sign=0eRU3JsBPAXcbW%2BBOpP1JfvUn%2BZMo%2FpZBsGGv40CXK0%3D"
        )
        #expect(headers["content-type"] == "application/json; charset=utf-8")
        try read(body) { json in
            #expect(json["msgtype"]?.string == "markdown")
            #expect(json["markdown"]?["title"]?.string == "Sira · Critical: error rate of openai is 12.5 %")
            #expect(json["markdown"]?["text"]?.string?.contains("- **Threshold**: 5 %\n") == true)
        }
        #expect(try sent(.dingTalk(url: base, signing: nil)).url == base.reveal())
    }

    @Test func `WeCom gets Markdown of 4,096 bytes at most`() throws {
        let facts = (0..<40).map { AlertFact("fact \($0)", String(repeating: "长", count: 400)) }
        let alert = SampleAlert.fired(facts: facts)
        try read(try sent(.weCom(url: url), alert, link: "https://sira.example/").body) { json in
            let text = try #require(json["markdown"]?["content"]?.string)
            #expect(text.utf8.count <= 4_096)
            let title = "Sira · Critical: error rate of openai is 12.5 %"
            #expect(text.hasPrefix("### <font color=\"warning\">\(title)</font>\n"))
            #expect(text.hasSuffix("[Open Sira](https://sira.example/)"))
        }
    }

    @Test func `names cannot become markup or mention people`() throws {
        let alert = SampleAlert.fired(subject: "[a](https://evil.example) <at id=all></at> @all\n# x")
        for destination in [AlertChannel.Destination.weCom(url: url), .dingTalk(url: url, signing: nil)] {
            let body = String(decoding: try sent(destination, alert).body, as: UTF8.self)
            #expect(!body.contains("[a](") && !body.contains("<at") && !body.contains("@all"))
        }
    }

    @Test func `neither notices nor channels show their secrets`() {
        let channel = AlertChannel(id: "ops", destination: .feishu(url: url, signing: Secret("hush")))
        var dumped = ""
        dump(channel, to: &dumped)
        dump(channel.notice(of: SampleAlert.fired(), at: time).description, to: &dumped)
        #expect(!dumped.contains("hush"))
    }

    @Test(arguments: AlertKind.allCases) func `both languages have words for every kind`(kind: AlertKind) {
        var rule = AlertRule(id: "r", kind: kind)
        rule.duration = .zero
        let bad = kind.side == .under ? rule.threshold / 2 : rule.threshold * 2
        var engine = AlertEngine(rules: [rule])
        let alerts = engine.evaluate([AlertObservation(kind, subject: "subject", figure: bad)], at: time)
        for alert in alerts {
            #expect(AlertWords(.english).title(alert).utf8.allSatisfy { $0 < 0x80 || kind == .spendSpike })
            #expect(AlertWords(.chinese).title(alert).contains("的"))
            #expect(AlertWords(.chinese).lines(alert).map(\.label).prefix(2) == ["规则", "对象"])
        }
        #expect(alerts.count == 1)
    }
}

private enum AlertFormatMistake: Error {
    case notHTTP
}
