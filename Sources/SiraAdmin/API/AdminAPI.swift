import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SiraCore
import SiraStorage
import SiraTenancy

/// The admin API: what comes before and after each endpoint's own work.
struct AdminAPI: Sendable {
    /// How paths can be asked.
    let table: EndpointTable
    let gatekeeper: Gatekeeper
    private let access: AdminAccess
    private let replies: IdempotentReplies

    /// The longest reason, in bytes.
    private static let reasonLimit = 500

    init(source: AdminAPISource, access: AdminAccess, failures: FailedAttempts) {
        table = EndpointTable(AdminEndpoints.all(source))
        self.access = access
        gatekeeper = Gatekeeper(source: source, access: access, failures: failures)
        replies = IdempotentReplies(store: source.replies, clock: source.clock)
    }

    func answer(_ request: Request, _ context: AdminContext) async -> Response {
        do {
            return try await handle(request, context)
        } catch let error as EndpointError {
            if let words = error.logged {
                context.logger.warning("an admin request was refused", metadata: ["error": "\(words)"])
            }
            return error.response
        } catch let error as DeskError {
            return EndpointError(error).response
        } catch {
            context.logger.error("admin request failed", metadata: ["error": "\(error)"])
            return .refusal(.internalServerError, "internal_error", "The request failed; the log says why.")
        }
    }

    private func handle(_ request: Request, _ context: AdminContext) async throws -> Response {
        guard let (endpoint, variables) = table.find(request.method.rawValue, request.uri.path) else {
            return .refusal(.notFound, "not_found", "There is nothing at this path.")
        }
        if endpoint.method != .get, let refusal = ChangeGuard<AdminContext>.refusal(request) { return refusal }
        var author = try await gatekeeper.author(of: request, context, endpoint.access)
        author.reason = try Self.reason(request)
        var asked = EndpointRequest(author: author)
        asked.caller = Caller(request, context, access)
        asked.variables = variables
        asked.query = try QueryString.read(request.uri.query.map { $0[...] } ?? "", endpoint.parameters)
        asked.version = try Self.version(request)
        asked.lastEventID = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        asked.recheck = { [gatekeeper, head = request.head, access = endpoint.access] in
            let again = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
            return try? await gatekeeper.author(of: again, context, access)
        }
        asked.body = try await Self.body(request, endpoint)
        asked.idempotencyKey =
            endpoint.method == .post && endpoint.isRepeatable ? try IdempotentReplies.key(request) : nil
        guard let key = asked.idempotencyKey else {
            return Self.response(try await endpoint.handle(asked), endpoint)
        }
        return try await replies.answer(request, key, asked) {
            (try await endpoint.handle(asked), endpoint.status)
        }
    }

    private static func reason(_ request: Request) throws(EndpointError) -> String {
        guard let reason = HTTPField.Name("X-Sira-Reason").flatMap({ request.headers[$0] }) else { return "" }
        guard reason.utf8.count <= reasonLimit else {
            throw EndpointError(400, "invalid_header", "X-Sira-Reason has more than \(reasonLimit) bytes.")
        }
        return reason
    }

    /// The version that `If-Match` names (RFC 9110, section 13.1.1): one, or any by `*`.
    private static func version(_ request: Request) throws(EndpointError) -> Int64? {
        guard let text = request.headers[.ifMatch], text != "*" else { return nil }
        let digits = text.dropFirst().dropLast()
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, text.hasPrefix("\""), text.hasSuffix("\""), let version = Int64(digits) else {
            throw EndpointError(400, "invalid_header", "If-Match is the ETag of what is to be changed, such as \"3\".")
        }
        return version
    }

    private static func body(_ request: Request, _ endpoint: Endpoint) async throws -> [UInt8] {
        guard endpoint.body != nil else { return [] }
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: endpoint.bodyLimit).readableBytesView)
        } catch {
            throw EndpointError(413, "body_too_large", "A body has no more than \(endpoint.bodyLimit) bytes.")
        }
        return body.isEmpty && endpoint.isBodyOptional ? Array("{}".utf8) : body
    }

    private static func response(_ reply: EndpointReply, _ endpoint: Endpoint) -> Response {
        guard let type = reply.contentType else {
            var response = response(reply.body, status: endpoint.status, version: reply.version)
            for header in reply.headers { response.headers.append(HTTPField(name: header.name, value: header.value)) }
            return response
        }
        var response =
            if let stream = reply.stream {
                Response(
                    status: .init(code: endpoint.status),
                    headers: [.contentType: type],
                    body: ResponseBody { try await stream.run(&$0) }
                )
            } else {
                Response(type, ByteBuffer(bytes: reply.body), status: .init(code: endpoint.status))
            }
        if let name = reply.fileName { response.headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
        response.headers[.contentSecurityPolicy] = reply.securityPolicy + "; sandbox"
        return response
    }

    static func response(_ body: [UInt8], status: Int, version: Int64?) -> Response {
        let status = HTTPResponse.Status(code: status)
        var response = body.isEmpty ? Response(status: status) : Response.json(body, status: status)
        if let version { response.headers[.eTag] = "\"\(version)\"" }
        return response
    }
}
