/// Why a request was refused or failed, with what the caller can do about it.
///
/// The code decides everything that machines see: HTTP status, blame, the label in metrics and the type in each
/// protocol's error body. The message is for people.
package struct GatewayError: Error, Sendable {
    package var code: ErrorCode
    /// One or two sentences: what is wrong and what to do.
    ///
    /// Never holds a secret or a body.
    package var message: String
    /// The request field at fault, such as `messages[0].content`, when there is one.
    package var field: String?
    /// Seconds after which trying again makes sense.
    package var retryAfter: Int?
    /// The status the provider gave, when the provider is the cause.
    package var upstreamStatus: Int?
    /// What only the operator's log is told: addresses, the words of the system and of libraries.
    package var detail: String?
    /// Whether the provider may have received the request; false where no connection to it could be made.
    package var mayHaveBeenSent = true

    package init(
        _ code: ErrorCode,
        _ message: String,
        field: String? = nil,
        retryAfter: Int? = nil,
        upstreamStatus: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.retryAfter = retryAfter
        self.upstreamStatus = upstreamStatus
    }

    /// The HTTP status of the answer: the provider's own where it was the provider that refused.
    package var status: Int { code == .upstreamRejected ? upstreamStatus ?? code.status : code.status }
}

extension GatewayError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}

/// Whose fault an error is.
package enum Blame: String, Sendable, CaseIterable {
    case client, tenant, upstream, gateway
}

/// The closed list of ways in which a request can fail.
///
/// The raw value is the stable `code` of error bodies, metric labels and logs.
package enum ErrorCode: String, Sendable, CaseIterable {
    // the request itself
    case malformedRequest = "malformed_request"
    case invalidJSON = "invalid_json"
    case invalidField = "invalid_field"
    case unsupportedFeature = "unsupported_feature"
    case bodyTooLarge = "body_too_large"
    case headerTooLarge = "header_too_large"
    case requestTimeout = "request_timeout"
    case unknownPath = "unknown_path"
    case methodNotAllowed = "method_not_allowed"
    case unsupportedMediaType = "unsupported_media_type"
    case upgradeRequired = "upgrade_required"
    case modelNotFound = "model_not_found"
    case noCandidate = "no_candidate"
    case requestNotFound = "request_not_found"
    case responseNotFound = "response_not_found"
    case previousResponseNotFound = "previous_response_not_found"
    case objectNotFound = "object_not_found"
    // who asks
    case missingKey = "missing_api_key"
    case invalidKey = "invalid_api_key"
    case expiredKey = "expired_api_key"
    case revokedKey = "revoked_api_key"
    case modelNotAllowed = "model_not_allowed"
    case pathNotAllowed = "path_not_allowed"
    case originNotAllowed = "origin_not_allowed"
    case hostNotAllowed = "host_not_allowed"
    case addressNotAllowed = "address_not_allowed"
    case tenantSuspended = "tenant_suspended"
    // what a tenant may use
    case rateLimited = "rate_limit_exceeded"
    case queueFull = "queue_full"
    case budgetExceeded = "budget_exceeded"
    /// A budget takes only what has a price.
    case priceUnknown = "price_unknown"
    // capacity
    case overloaded = "gateway_overloaded"
    case draining = "gateway_draining"
    case journalFull = "journal_full"
    case modelDrained = "model_drained"
    case sessionExpired = "session_expired"
    // the provider
    case upstreamRejected = "upstream_rejected"
    case upstreamRateLimited = "upstream_rate_limited"
    case upstreamAuthentication = "upstream_authentication_failed"
    case upstreamUnreachable = "upstream_unreachable"
    case upstreamTimeout = "upstream_timeout"
    case upstreamFailed = "upstream_failed"
    case upstreamProtocol = "upstream_protocol_error"
    case upstreamInterrupted = "upstream_stream_interrupted"
    case providerNotConfigured = "provider_not_configured"
    // neither
    case clientClosed = "client_closed_request"
    case internalError = "internal_error"

    /// The HTTP status that goes with the code.
    package var status: Int {
        switch self {
        case .malformedRequest, .invalidJSON, .invalidField, .unsupportedFeature, .noCandidate: 400
        case .missingKey, .invalidKey, .expiredKey, .revokedKey: 401
        case .budgetExceeded, .priceUnknown: 402
        case .modelNotAllowed, .pathNotAllowed, .originNotAllowed, .hostNotAllowed, .addressNotAllowed,
            .tenantSuspended:
            403
        case .unknownPath, .modelNotFound, .requestNotFound, .responseNotFound, .previousResponseNotFound,
            .objectNotFound, .providerNotConfigured:
            404
        case .methodNotAllowed: 405
        case .requestTimeout, .sessionExpired: 408
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .upgradeRequired: 426
        case .upstreamRateLimited, .rateLimited, .queueFull: 429
        case .headerTooLarge: 431
        case .clientClosed: 499
        case .internalError: 500
        case .upstreamRejected, .upstreamAuthentication, .upstreamUnreachable, .upstreamFailed, .upstreamProtocol,
            .upstreamInterrupted:
            502
        case .overloaded, .draining, .journalFull, .modelDrained: 503
        case .upstreamTimeout: 504
        }
    }

    /// Whose fault it is, which decides how it is counted and how loudly it is logged.
    package var blame: Blame {
        switch self {
        case .malformedRequest, .invalidJSON, .invalidField, .unsupportedFeature, .bodyTooLarge, .headerTooLarge,
            .requestTimeout, .unknownPath, .methodNotAllowed, .unsupportedMediaType, .upgradeRequired, .modelNotFound,
            .requestNotFound, .responseNotFound, .previousResponseNotFound, .objectNotFound, .clientClosed,
            .sessionExpired, .upstreamRejected, .noCandidate:
            .client
        case .missingKey, .invalidKey, .expiredKey, .revokedKey, .modelNotAllowed, .pathNotAllowed,
            .originNotAllowed, .hostNotAllowed, .addressNotAllowed, .tenantSuspended, .rateLimited, .queueFull,
            .budgetExceeded, .priceUnknown:
            .tenant
        case .upstreamRateLimited, .upstreamAuthentication, .upstreamUnreachable, .upstreamTimeout, .upstreamFailed,
            .upstreamProtocol, .upstreamInterrupted:
            .upstream
        case .overloaded, .draining, .journalFull, .modelDrained, .providerNotConfigured, .internalError: .gateway
        }
    }
}
