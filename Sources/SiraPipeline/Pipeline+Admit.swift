import SiraCore
import SiraLedger
import SiraWire

/// A call for which there is room.
struct Admission {
    let envelope: Envelope
}

extension Pipeline {
    /// Checks that the gateway can take the call, and that its books can.
    func admit(_ call: AllowedCall) throws(GatewayError) -> Admission {
        guard !context.isDraining else {
            throw GatewayError(
                .draining,
                "This gateway is shutting down. Try again; another one will answer.",
                retryAfter: 1
            )
        }
        guard context.services.running.value <= context.snapshot.policy.concurrentRequests else {
            throw GatewayError(.overloaded, "The gateway has too many requests at once. Try again.", retryAfter: 1)
        }
        guard !context.journal.isFull, context.services.acceptsRecords() else {
            throw GatewayError(
                .journalFull,
                "The gateway cannot record what requests cost, because its disk is full or failing, and so takes none. "
                    + "Try again later.",
                retryAfter: 10
            )
        }
        return Admission(envelope: call.envelope)
    }
}
