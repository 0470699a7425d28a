package import NIOCore
import SiraCore
import SiraExperiments
import SiraJSON
import SiraLedger
import SiraStorage
import SiraTenancy
package import SiraWire

extension Pipeline {
    /// `POST /v1/feedback`: what somebody thought of an answer, from the key that asked for it.
    ///
    /// A later word of the same key stands in place of its earlier one.
    package nonisolated(nonsending) func takeFeedback(
        _ body: ByteBuffer,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client) { caller throws(GatewayError) in
            guard body.readableBytes <= Self.feedbackLimit else {
                throw GatewayError(.bodyTooLarge, "Feedback has at most \(Self.feedbackLimit) bytes.")
            }
            let said = try readJSON(body) { json throws(GatewayError) in try FeedbackRequest(json) }
            let request = try await ownRecords(of: said.request, caller).last.request
            let now = context.clock.now()
            var feedback = Feedback(
                id: "fb_" + RequestID(at: now, using: &context.random).description.dropFirst("req_".count),
                request: request,
                key: caller.key?.id ?? "",
                score: said.score,
                createdAt: now
            )
            feedback.comment = said.comment
            feedback.tags = said.tags
            feedback.expiresAt = context.services.feedbackTime.map { now.advanced(by: $0) }
            do {
                try await keep(&feedback)
            } catch {
                throw GatewayError(
                    .internalError,
                    "The feedback cannot be kept at the moment. Try again.",
                    retryAfter: 1
                )
            }
            var json = JSONWriter(capacity: 512)
            json.object { feedback.write(to: &$0) }
            return json.bytes
        }
    }

    /// More than a comment and tags can take.
    private static var feedbackLimit: Int { 64_000 }

    /// Keeps it, and counts it where the request was part of an experiment.
    private nonisolated(nonsending) func keep(_ feedback: inout Feedback) async throws {
        let services = context.services
        let participation = try await participation(of: feedback)
        (feedback.experiment, feedback.arm) = (participation?.experiment, participation?.arm)
        let earlier = try await services.feedback.put(feedback)
        guard let participation else { return }
        // An earlier word was counted only if the experiment was known then.
        let isCounted = earlier?.experiment == participation.experiment && earlier?.arm == participation.arm
        services.experiments.record(
            feedback: feedback.score,
            replacing: isCounted ? earlier.map { EarlierScore($0.score, givenAt: $0.createdAt) } : nil,
            experiment: participation.experiment,
            arm: participation.arm,
            at: feedback.createdAt
        )
    }

    /// The experiment of which the request was part, by its decision record or else by what was said of it before.
    private nonisolated(nonsending) func participation(of feedback: Feedback) async throws -> Participation? {
        let services = context.services
        if let decision = try await services.decisions.decision(of: feedback.request) {
            return try? context.indexer.read(decision.json, limits: .answer) {
                Participation(decision: $0, services.experiments)
            }
        }
        let known = try await services.feedback.feedback(on: feedback.request).first { $0.key == feedback.key }
        guard let experiment = known?.experiment, let arm = known?.arm else { return nil }
        return Participation(experiment: experiment, arm: arm)
    }
}
