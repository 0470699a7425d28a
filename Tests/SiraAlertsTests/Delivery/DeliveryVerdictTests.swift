import SiraAlerts
import SiraCore
import Testing

@Suite struct DeliveryVerdictTests {
    private static let url = Secret("https://example.com/")
    private static let slack = AlertChannel.Destination.slack(url: url)
    private static let feishu = AlertChannel.Destination.feishu(url: url, signing: nil)
    private static let dingTalk = AlertChannel.Destination.dingTalk(url: url, signing: nil)
    private static let weCom = AlertChannel.Destination.weCom(url: url)
    private static let webhook = AlertChannel.Destination.webhook(url: url, signing: nil)

    private enum Outcome { case delivered, retry, refused }

    private func outcome(_ status: Int, _ body: String, _ destination: AlertChannel.Destination) -> Outcome {
        let answer = NoticeAnswer(status: status, body: Array(body.utf8))
        return switch DeliveryVerdict(answer, from: destination, at: SampleAlert.start) {
        case .delivered: .delivered
        case .retry: .retry
        case .refused: .refused
        }
    }

    @Test func `an operator's program takes a message with any status of success`() {
        #expect(outcome(200, "", Self.webhook) == .delivered)
        #expect(outcome(204, "", Self.webhook) == .delivered)
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503]) func `passing troubles are tried again`(status: Int) {
        for destination in [Self.webhook, Self.slack, Self.feishu] {
            #expect(outcome(status, "", destination) == .retry)
        }
    }

    @Test(arguments: [301, 400, 401, 403, 404, 410]) func `what will not get better is not`(status: Int) {
        #expect(outcome(status, "", Self.webhook) == .refused)
        #expect(outcome(status, "no_service", Self.slack) == .refused)
    }

    @Test func `Slack has to say ok`() {
        #expect(outcome(200, "ok", Self.slack) == .delivered)
        #expect(outcome(200, "<html>", Self.slack) == .retry)
        #expect(outcome(200, "", Self.slack) == .retry)
    }

    @Test func `bots that answer 200 with an error in the body have not taken the message`() {
        #expect(outcome(200, #"{"code":0,"msg":"success","data":{}}"#, Self.feishu) == .delivered)
        #expect(outcome(200, #"{"StatusCode":0,"StatusMessage":"success"}"#, Self.feishu) == .delivered)
        #expect(outcome(200, #"{"code":19021,"msg":"sign match fail"}"#, Self.feishu) == .refused)
        #expect(outcome(200, #"{"code":11232,"msg":"frequency limited"}"#, Self.feishu) == .retry)
        #expect(outcome(200, #"{"errcode":0,"errmsg":"ok"}"#, Self.dingTalk) == .delivered)
        #expect(outcome(200, #"{"errcode":310000,"errmsg":"sign not match"}"#, Self.dingTalk) == .refused)
        #expect(outcome(200, #"{"errcode":-1,"errmsg":"busy"}"#, Self.dingTalk) == .retry)
        #expect(outcome(200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#, Self.weCom) == .refused)
        #expect(outcome(200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#, Self.weCom) == .retry)
        for body in ["", "{}", "[]", "null", #"{"errcode":"0"}"#, #"{"errcode":0"#] {
            #expect(outcome(200, body, Self.weCom) == .retry)
        }
    }

    @Test func `mail is judged by the codes of SMTP`() throws {
        let from = try #require(MailAddress("sira@example.com"))
        let mail = AlertChannel.Destination.mail(from: from, to: [from])
        #expect(outcome(250, "", mail) == .delivered)
        #expect(outcome(451, "", mail) == .retry)
        #expect(outcome(550, "", mail) == .refused)
    }

    @Test(arguments: [
        ("30", Duration.seconds(30)), ("99999999", .seconds(86_400)), ("Fri, 21 Nov 2025 04:41:00 GMT", .seconds(60)),
        ("Fri, 21 Nov 2025 04:39:00 GMT", .zero),
    ])
    func `a receiver may say when to come back`(text: String, wait: Duration) {
        let answer = NoticeAnswer(status: 429, retryAfter: text)
        #expect(
            DeliveryVerdict(answer, from: Self.webhook, at: SampleAlert.start)
                == .retry(reason: "status 429", after: wait)
        )
    }

    @Test(arguments: ["", "soon", "-5", "1.5"]) func `other words of it are not heard`(text: String) {
        let answer = NoticeAnswer(status: 503, retryAfter: text)
        #expect(
            DeliveryVerdict(answer, from: Self.webhook, at: SampleAlert.start)
                == .retry(reason: "status 503", after: nil)
        )
    }
}

@Suite struct RetryPlanTests {
    @Test func `five tries take about ten minutes`() {
        let plan = RetryPlan()
        let waits = (1...5).map { plan.wait(after: $0, asked: nil, random: 0.5) }
        #expect(waits == [.seconds(7), .seconds(28), .seconds(112), .seconds(448), nil])
    }

    @Test func `chance makes waits a quarter longer or shorter`() {
        let plan = RetryPlan()
        #expect(plan.wait(after: 1, asked: nil, random: 0) == .seconds(5.25))
        #expect(plan.wait(after: 1, asked: nil, random: 1) == .seconds(8.75))
    }

    @Test func `what a receiver asks for counts where it is longer, up to an hour`() {
        let plan = RetryPlan()
        #expect(plan.wait(after: 1, asked: .seconds(60), random: 0.5) == .seconds(60))
        #expect(plan.wait(after: 2, asked: .seconds(5), random: 0.5) == .seconds(28))
        #expect(plan.wait(after: 1, asked: .seconds(90_000), random: 0.5) == .seconds(3_600))
    }
}
