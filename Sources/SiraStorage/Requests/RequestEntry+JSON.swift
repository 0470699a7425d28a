internal import SiraCore
package import SiraJSON

extension RequestEntry {
    /// Writes the request as members of an object, as the console shows it.
    ///
    /// Times are milliseconds, `t` seconds since 1970, and amounts nano-dollars in texts.
    ///
    /// - Parameter keyName: the name of the request's key; nil where it is not known.
    package func write(to json: inout JSONWriter, keyName: String?) {
        json.member("id", record.request.description)
        json.member("at", record.startedAt.description)
        json.member("t", Double(record.startedAt.microseconds / 1_000) / 1_000)
        json.member("type", record.operation)
        json.member("asked", record.requestedModel)
        json.member("model", known: record.model)
        json.member("provider", known: record.provider)
        json.member("deployment", known: record.deployment)
        json.member("organization", known: record.organization)
        json.member("team", known: record.team)
        json.member("project", known: record.project)
        if record.key.isEmpty {
            json.null("key")
        } else {
            json.object("key") {
                $0.member("id", record.key)
                $0.member("name", known: keyName)
            }
        }
        json.member("user", known: record.user)
        json.null("session")
        json.array("tags") { list in for tag in record.tags { list.element(tag) } }
        writeFigures(to: &json)
    }

    private func writeFigures(to json: inout JSONWriter) {
        json.member("input_tokens", record.usage.input)
        json.member("output_tokens", record.usage.output)
        json.member("cached_tokens", record.usage.cacheRead)
        json.member("reasoning_tokens", record.usage.reasoning)
        json.member("cost_nano", known: cost.map { String($0.nanos) })
        json.member("charge_nano", known: charge.map { String($0.nanos) })
        json.member("saved_nano", String(saved.nanos))
        json.member("latency_ms", milliseconds(record.duration))
        if let time = record.timeToFirstToken {
            json.member("ttft_ms", milliseconds(time))
        } else {
            json.null("ttft_ms")
        }
        json.member("queue_ms", milliseconds(record.queueTime))
        json.member("overhead_ms", milliseconds(record.overhead))
        json.member("status", record.status)
        json.member("outcome", record.outcome.label)
        json.member("cache", known: record.usage.cacheRead > 0 ? "prompt" : nil)
        json.member("stream", record.isStream)
        json.member("attempts", attempts)
        json.member("fallback", isFallback)
        json.member("why", known: record.errorCode)
    }
}

/// Milliseconds in so many microseconds.
package func milliseconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000 }

extension JSONWriter {
    /// A member that is null when there is no text, or an empty one.
    package mutating func member(_ key: StaticString, known text: String?) {
        if let text, !text.isEmpty { member(key, text) } else { null(key) }
    }
}
