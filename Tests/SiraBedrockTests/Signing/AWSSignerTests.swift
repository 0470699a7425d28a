import NIOCore
import SiraCore
import SiraWire
import Testing

@testable import SiraBedrock

/// Requests and signatures of the test suite that Amazon has published for Signature Version 4.
@Suite struct AWSSignerTests {
    private static let moment = Timestamp(microseconds: 1_440_938_160_000_000)
    private static let key = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    )
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var method = "GET"
        var target = "/"
        var headers: [String] = []
        var bodyHash = AWSSignerTests.emptyHash
        var signature: String
        var testDescription: String { name }
    }

    static let vectors = [
        Vector(name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            name: "get-relative",
            target: "/example/..",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        Vector(
            name: "get-slash-dot-slash",
            target: "/./",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        Vector(
            name: "get-slashes",
            target: "//example//",
            signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"
        ),
        Vector(
            name: "get-utf8",
            target: "/\u{1234}",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"
        ),
        Vector(
            name: "get-vanilla-query-order-key-case",
            target: "/?Param2=value2&Param1=value1",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        ),
        Vector(
            name: "get-header-value-trim",
            headers: ["My-Header1: value1", "My-Header2: \"a   b   c\""],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        ),
        Vector(
            name: "post-vanilla",
            method: "POST",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        ),
        Vector(
            name: "post-x-www-form-urlencoded",
            method: "POST",
            headers: ["Content-Type: application/x-www-form-urlencoded"],
            bodyHash: "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        ),
    ]

    @Test(arguments: vectors) func `Amazon's own examples get their signatures`(vector: Vector) {
        let given = vector.headers.map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), String(parts[1]))
        }
        let request = CanonicalRequest(
            method: vector.method,
            target: vector.target,
            headers: given + [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")],
            bodyHash: vector.bodyHash
        )
        let signer = AWSSigner(credentials: Self.key, region: "us-east-1", service: "service")
        let authorization = signer.authorization(request, AWSSigner.moment(Self.moment))
        #expect(authorization.hasSuffix("Signature=\(vector.signature)"), "\(request.text)")
        #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "))
    }

    private func request(_ path: String, _ body: String) -> UpstreamRequest {
        UpstreamRequest(
            endpoint: Endpoint(host: "bedrock-runtime.us-east-1.amazonaws.com", port: 443, usesTLS: true),
            method: "POST",
            path: path,
            headers: HeaderFields([("content-type", "application/json"), ("user-agent", "sira")]),
            body: ByteBuffer(string: body),
            timeouts: UpstreamTimeouts()
        )
    }

    @Test func `a request is signed as botocore signs it, its encoded path encoded again`() {
        var request = request("/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse", #"{"messages":[]}"#)
        var key = Self.key
        key.sessionToken = Secret("TOKEN")
        AWSSigner(credentials: key, region: "us-east-1").sign(&request, at: Self.moment)
        #expect(request.headers["x-amz-date"] == "20150830T123600Z")
        #expect(request.headers["x-amz-security-token"] == "TOKEN")
        #expect(
            request.headers["authorization"]
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
                + "Signature=348e94ce708a99558984127432ab69a73da41f7b154a4051ce4c8080f03e2df0"
        )
    }

    @Test func `a model that is named by an ARN is signed as botocore signs it`() {
        let target = TargetModel(
            name: "arn:aws:bedrock:us-east-1:123456789012:inference-profile/abc",
            quirks: Quirks()
        )
        let path = BedrockDialect().path(of: .converse, to: target, isStream: true)
        #expect(
            path == "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fabc/converse-stream"
        )
        var request = request(path, "{}")
        AWSSigner(credentials: Self.key, region: "us-east-1").sign(&request, at: Self.moment)
        let signature = "46f9114c7e5a110a9e89d0d3ec5a030eabc94ccf528eb06d7f39f3901c18f338"
        #expect(request.headers["authorization"]?.hasSuffix(signature) == true)
    }

    @Test func `secrets are not shown`() {
        #expect(!"\(Self.key)".contains("wJalr"))
    }
}
