import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import SiraCLI

/// Answers every request with the same text, and keeps what it was asked.
private final class CannedServer: Sendable {
    private let sink = Sink()
    private let channel: any Channel

    var requests: [String] { sink.requests.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    init(_ status: Int, _ body: String) async throws {
        let answer =
            "HTTP/1.1 \(status) Status\r\ncontent-type: application/json\r\n"
            + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        let sink = sink
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(
                        Handler(answer) { text in sink.requests.withLock { $0.append(text) } }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func close() async throws { try await channel.close() }

    /// Where handlers leave what they were asked.
    private final class Sink: Sendable {
        let requests = Mutex<[String]>([])
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: String
        private let note: (String) -> Void
        private var text = ""

        init(_ answer: String, note: @escaping (String) -> Void) {
            self.answer = answer
            self.note = note
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return }
            let length = text[..<end.lowerBound].split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("content-length:")
            }.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) }
            guard text[end.upperBound...].utf8.count >= length ?? 0 else { return }
            note(text)
            text = ""
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}

@Suite struct HealthTests {
    private func run(
        _ status: Int,
        _ body: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> (answer: Session.Answer, requests: [String]) {
        let server = try await CannedServer(status, body)
        let session = try Session(environment: environment)
        let answer = await session.run(arguments + ["--url", server.url])
        try await server.close()
        return (answer, server.requests)
    }

    private let ill = #"""
        {"healthy":false,"deployments":[
        {"id":"openai/gpt-4o","provider":"openai","state":"open","available":false,"availability":"open","ill":true,
        "used":true,"reason":"5 failures in a row","until_seconds":12.5,"drained":null,"attempts":8,"failures":5,
        "rate_limited":0,"error_rate":0.625,"first_token_ms_p50":321.5,"first_token_ms_p95":null,"in_flight":3,
        "tokens_per_second":null,"keys":[{"index":0,"digest":"ab","state":"ready"},{"index":1,"digest":"cd",
        "state":"cooling"}]},
        {"id":"local/m","provider":"local","state":"closed","available":true,"availability":"available","reason":null,
        "until_seconds":null,"drained":null,"attempts":0,"error_rate":0,"in_flight":0,"keys":[{"digest":"",
        "state":"ready"}]},
        {"id":"x/m","state":"closed","availability":"drained","reason":"drained: \u001b[31m","drained":{"reason":""}},
        {"id":"y/m","state":"closed","availability":"cooling","reason":"rate limited"},
        {"id":"z/m","state":"half_open","availability":"tried"}],
        "providers":[{"name":"x","drained":"disk"},{"name":"y","drained":null}],
        "retry_budget":{"seconds":10,"requests":40,"retries":3},"unheard_of":1}
        """#

    @Test func `what is ill is shown with why and until when, and in the exit code`() async throws {
        let (answer, requests) = try await run(
            200,
            ill,
            "health",
            environment: ["SIRA_ADMIN_TOKEN": "the-token"]
        )
        #expect(answer.code == 1 && answer.errors.isEmpty, "\(answer.errors)")
        let lines = answer.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "DEPLOYMENT STATE UNTIL ERRORS P50 P95 IN FLIGHT KEYS WHY",
                "openai/gpt-4o open 12.5 s 63 % of 8 322 ms - 3 1/2 5 failures in a row",
                "local/m ok - - - - 0 - -", "x/m drained - - - - 0 - drained: \\u{1B}[31m",
                "y/m cooling - - - - 0 - rate limited", "z/m half open - - - - 0 - -",
                "The provider x is out of use: disk", "3 retries for 40 requests in the last 10 s",
            ]
        )
        #expect(requests.count == 1)
        #expect(requests.first?.hasPrefix("GET /api/health HTTP/1.1\r\n") == true)
        #expect(requests.first?.contains("authorization: Bearer the-token\r\n") == true)
    }

    @Test func `programs get it as it is`() async throws {
        let (answer, requests) = try await run(200, ill, "health", "--json", "--all")
        #expect(answer.code == 1)
        #expect(try answer.object()["unheard_of"] as? Int == 1)
        #expect(requests.first?.hasPrefix("GET /api/health?all=1 HTTP/1.1\r\n") == true)
    }

    @Test func `nothing used is nothing ill`() async throws {
        let (answer, _) = try await run(200, #"{"healthy":true,"deployments":[]}"#, "health")
        #expect(answer.code == 0)
        #expect(answer.output == "No deployment has been used since the gateway started.\n")
    }

    @Test func `orders are sent as JSON`() async throws {
        let (drained, first) = try await run(200, "{}", "health", "drain", "a/b", "--reason", "it \"smokes\"")
        #expect(drained.code == 0 && drained.output == "a/b is out of use.\n", "\(drained.errors)")
        #expect(first.first?.hasPrefix("POST /api/health/drain HTTP/1.1\r\n") == true)
        #expect(first.first?.contains("content-type: application/json\r\n") == true)
        #expect(first.first?.hasSuffix(#"{"deployment":"a/b","reason":"it \"smokes\""}"#) == true)
        let (resumed, second) = try await run(200, "{}", "health", "resume", "--provider", "a")
        #expect(resumed.code == 0 && resumed.output == "a is in use again.\n")
        #expect(second.first?.hasSuffix(#"{"provider":"a"}"#) == true)
    }

    @Test func `an order names one or the other`() async throws {
        let session = try Session()
        #expect(await session.run("health", "drain").code == 64)
        #expect(await session.run("health", "resume", "a/b", "--provider", "a").code == 64)
    }

    @Test func `refusals are told in the gateway's words`() async throws {
        let body = #"{"error":{"code":"unknown_deployment","message":"There is no deployment \"a\"."}}"#
        let (unknown, _) = try await run(404, body, "health", "drain", "a")
        #expect(unknown.code == 1 && unknown.errors.contains(#"There is no deployment "a"."#))
        let (unauthorized, _) = try await run(401, body, "health")
        #expect(unauthorized.code == 2 && unauthorized.errors.contains("SIRA_ADMIN_TOKEN"))
        let (strange, _) = try await run(500, "<html>", "health")
        #expect(strange.code == 1 && strange.errors.contains("the status 500"))
        let (other, _) = try await run(200, "<html>", "health")
        #expect(other.code == 1 && other.errors.contains("no admin listener"))
    }

    @Test func `a gateway that cannot be asked is another exit code`() async throws {
        let session = try Session()
        // Nobody listens on port 1, and no test that runs at the same time can be given it.
        let absent = await session.run("health", "--url", "http://127.0.0.1:1")
        #expect(absent.code == 2 && absent.errors.contains("No gateway answers at http://127.0.0.1:1"))
        #expect(await session.run("experiments", "--url", "http://127.0.0.1:1").code == 2)
        let unsaid = await session.run("health")
        #expect(unsaid.code == 2 && unsaid.errors.contains("--url"))
        let wrong = await session.run("health", "--url", "not a url")
        #expect(wrong.code == 2 && wrong.errors.contains("cannot be the URL"))
    }

    @Test func `experiments are shown with their intervals`() async throws {
        let body = #"""
            {"experiments":[{"name":"try","kind":"canary","models":["m"],"started_at":"2026-11-21T00:00:00Z","arms":[
            {"model":"old","share":0.95,"requests":1900,"errors":19,"error_rate":{"estimate":0.01,"lower":0.0064,
            "upper":0.0156},"time_to_first_token_s":{"count":9,"mean":0.321},"duration_s":{"count":9,"mean":1.5},
            "cost_usd":{"count":9,"mean":0.0025},"feedback":{"count":0,"mean":null},"comparisons":[]},
            {"model":"new","share":0.05,"requests":100,"errors":0,"error_rate":{"estimate":0,"lower":0,"upper":0.037},
            "comparisons":[{"measure":"cost","verdict":"better","sentence":"new is better than old by 12 % (9 to 15)."}]}],
            "canary":{"state":"rolled_back","share":0,"reason":"too slow"}}]}
            """#
        let (answer, _) = try await run(200, body, "experiments")
        #expect(answer.code == 0, "\(answer.errors)")
        let lines = answer.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "try (canary), since 2026-11-21T00:00:00Z",
                "ARM SHARE REQUESTS ERRORS (95 %) FIRST TOKEN TOOK COST $ FEEDBACK",
                "old 95 % 1,900 1 % (0.6 % to 1.6 %) 321 ms 1500 ms 0.0025 -",
                "new 5 % 100 0 % (0 % to 3.7 %) - - - -", "new is better than old by 12 % (9 to 15).",
                "canary: rolled_back, 0 % of requests: too slow",
            ]
        )
        let (none, _) = try await run(200, #"{"experiments":[]}"#, "experiments")
        #expect(none.output == "There are no experiments.\n")
    }
}
