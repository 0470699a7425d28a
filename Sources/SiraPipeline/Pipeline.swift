package import SiraCore
import SiraTelemetry
import SiraWire

/// The life of a request, top to bottom.
///
/// Every stage takes what the stage before it made, so the order cannot be changed by accident: a call cannot be
/// routed before it is admitted, because routing takes an ``Admission``. Each stage is one file,
/// `Pipeline+Stage.swift`, that only calls its module.
///
/// A streamed answer goes through the same stages: `execute` ends with the first content, when there is no way back
/// to another provider; `finish` ends with the stream, however it ends.
package struct Pipeline {
    package let context: LaneContext

    package init(_ context: LaneContext) {
        self.context = context
    }

    /// Answers one request.
    ///
    /// Never throws: a failure is an answer too.
    package nonisolated(nonsending) func run(_ inbound: Inbound, to client: any ClientStream) async {
        let request = begin(inbound)
        let client = inbound.path.isArray ? ListedStream(client) : client
        do throws(GatewayError) {
            let call = try await decode(request)  //                      1 · body → what is asked, of which model
            let caller = try await authenticate(call, request)  //        2 · key → who asks
            try attribute(request, from: client)  //                         for whom, and from where
            let allowed = try authorize(call, for: caller, request)  //   3 · models the key may use
            let admission = try admit(allowed)  //                        4 · room in the gateway and in the journal
            try await identify(request)  //                                  what it names is its key's
            try await recall(request)  //                                    the conversation so far, if it is kept here
            let plan = try await route(admission, request)  //            5 · model → ordered candidates
            if request.inbound.isDryRun {
                tell(plan, request, client)  //                              where it would go, for those who only ask
            } else if request.isCountedHere {
                try await reserve(plan, request, client)
                try tellCount(plan, request, client)  //                     its tokens, where no provider counts them
            } else {
                try await reserve(plan, request, client)  //            6 · room in limits and budgets, after a wait
                mirror(request)  //                                          copies for what is tried out
                let answer = try await execute(plan, request, client)  // 7 · attempts, up to the first content
                await finish(answer, admission, request, client)  //      8 · deliver, settle, end
            }
        } catch {
            refuse(error, request, client)  //                            9 · the error, in the caller's protocol
        }
        end()
    }

    /// Answers a request that is refused before its body has arrived.
    package func refuse(_ error: GatewayError, _ inbound: Inbound, to client: any ClientStream) {
        refuse(error, begin(inbound), client)
        end()
    }

    func begin(_ inbound: Inbound) -> RequestContext {
        context.runningRequests += 1
        context.services.running.add(1)
        context.metrics.requestStarted()
        let id = RequestID(at: inbound.startedAt, using: &context.random)
        return RequestContext(id: id, inbound: inbound, snapshot: context.snapshot)
    }

    /// Undoes what ``begin(_:)`` counted.
    func end() {
        context.runningRequests -= 1
        context.services.running.add(-1)
    }
}
