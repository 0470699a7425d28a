internal import Crypto
internal import NIOCore
package import SiraCore
package import SiraWire

/// Signs requests with an access key of Amazon's: Signature Version 4.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct AWSSigner: RequestSigner {
    private let credentials: AWSCredentials
    private let region: String
    private let service: String

    /// - Parameter service: the service's name in signatures.
    package init(credentials: AWSCredentials, region: String, service: String = "bedrock") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    package nonisolated(nonsending) func sign(
        _ request: inout UpstreamRequest,
        at time: Timestamp,
        through transport: any Transport
    ) async throws(GatewayError) {
        sign(&request, at: time)
    }

    /// Adds the fields `authorization`, `x-amz-date` and, where there is a session, `x-amz-security-token`.
    ///
    /// Signed are those, the host and what says how the body is to be read: the fields that nobody changes on the way.
    package func sign(_ request: inout UpstreamRequest, at time: Timestamp) {
        let moment = Self.moment(time)
        request.headers.append("x-amz-date", moment)
        if let token = credentials.sessionToken { request.headers.append("x-amz-security-token", token.reveal()) }
        var signed = [(name: "host", value: request.endpoint.authority)]
        for (name, value) in request.headers {
            let name = name.lowercased()
            if name == "content-type" || name.hasPrefix("x-amz-") || name.hasPrefix("x-amzn-bedrock-") {
                signed.append((name, value))
            }
        }
        let hash = request.body.withUnsafeReadableBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: bytes)
            return Hexadecimal.text(hash.finalize())
        }
        let canonical = CanonicalRequest(
            method: request.method,
            target: request.path,
            headers: signed,
            bodyHash: hash
        )
        request.headers.append("authorization", authorization(canonical, moment))
    }

    /// The value of the field `authorization`.
    ///
    /// - Parameter moment: the time of signing, as ``moment(_:)`` writes it.
    func authorization(_ request: CanonicalRequest, _ moment: String) -> String {
        let day = String(moment.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(request.hash)"
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey.reveal())".utf8))
        for step in [day, region, service, "aws4_request"] { key = SymmetricKey(data: Self.code(step, key)) }
        let signature = Hexadecimal.text(Self.code(text, key))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    /// The time as signatures have it, such as `20150830T123600Z`.
    static func moment(_ time: Timestamp) -> String {
        let text = time.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        return text + "Z"
    }
}
