import SiraCore
import SiraTelemetry
import SiraTenancy
import SiraWire

/// Who asks: a key, or nobody in particular where the operator has allowed that.
struct Caller {
    let key: APIKey?
}

extension Pipeline {
    /// Finds the key that the request carries.
    nonisolated(nonsending) func authenticate(
        _ call: DecodedCall,
        _ request: RequestContext
    ) async throws(GatewayError) -> Caller {
        let caller = try await authenticate(request.inbound.headers, at: request.inbound.startedAt, request.snapshot)
        // What has no body has no type.
        if caller.key == nil, request.inbound.bodySize > 0 || request.inbound.source != nil {
            try request.snapshot.policy.anonymousGuard.checkType(request.inbound.headers)
        }
        request.key = caller.key
        request.isKnownCaller = true
        request.trail.mark(.authenticate, at: context.clock.uptime())
        return caller
    }

    nonisolated(nonsending) func authenticate(
        _ headers: HeaderFields,
        at time: Timestamp,
        _ snapshot: Snapshot
    ) async throws(GatewayError) -> Caller {
        let presented = presentedKey(headers)
        // A key is checked even where none is needed: whoever sends one wants its limits and its books.
        if mayBeAnonymous(snapshot.policy), presented.map({ !$0.hasPrefix(KeyText.prefix) }) ?? true {
            try snapshot.policy.anonymousGuard.check(headers)
            return Caller(key: nil)
        }
        do throws(KeyRejection) {
            return Caller(key: try context.keys.authenticate(presented, at: time))
        } catch {
            guard error.isUnknown else { throw error.error }
        }
        // It may have been made a moment ago.
        let ring = await context.services.refreshKeys()
        // What is known of keys is forgotten with their ring.
        if ring !== context.keys { context.keys = ring }
        do throws(KeyRejection) {
            return Caller(key: try context.keys.authenticate(presented, at: time))
        } catch {
            throw error.error
        }
    }

    func mayBeAnonymous(_ policy: GatewayPolicy) -> Bool {
        switch policy.anonymous {
        case .never: false
        case .untilFirstKey: context.keys.count == 0
        }
    }

    /// The key as each protocol's clients send it: a bearer token, `x-api-key`, Azure's `api-key` or Gemini's
    /// `x-goog-api-key`.
    func presentedKey(_ headers: HeaderFields) -> String? {
        if let authorization = headers["authorization"], authorization.prefix(7).matches(lowercased: "bearer ") {
            return String(authorization.dropFirst(7))
        }
        return headers["x-api-key"] ?? headers["api-key"] ?? headers["x-goog-api-key"]
    }
}

extension Substring {
    fileprivate func matches(lowercased name: String) -> Bool { String(self).matches(lowercased: name) }
}
