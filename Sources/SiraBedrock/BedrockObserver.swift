internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches answers of Converse, and of models that are asked in their own terms, pass through.
struct BedrockObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    /// The figures come last, after the reason for the stop; without them the answer is complete all the same.
    private(set) var mayEnd = false

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        do throws(GatewayError) {
            switch try StreamEvent(event, indexer: indexer) {
            case .failure(let error): return .failure(error)
            case .event(let name, let payload): return observe(name, payload, indexer)
            }
        } catch {
            return .failure(error)
        }
    }

    private mutating func observe(_ name: String, _ payload: [UInt8], _ indexer: JSONIndexer) -> EventRole {
        switch name {
        case "contentBlockDelta", "contentBlockStart":
            contentEvents += 1
            return .content
        case "messageStop":
            mayEnd = true
            return .frame
        case "metadata":
            _ = try? indexer.read(payload, limits: .answer) { root in
                reported = root.present("usage").flatMap { ReportedUsage(converse: $0) } ?? reported
            }
            return .last
        case "chunk":
            return observe(chunk: payload, indexer)
        default:
            return .frame
        }
    }

    /// A piece of a model's own stream, in base 64 within JSON.
    private mutating func observe(chunk payload: [UInt8], _ indexer: JSONIndexer) -> EventRole {
        // Which of them is the last only the model's maker knows.
        mayEnd = true
        contentEvents += 1
        let text = try? indexer.read(payload, limits: .answer) { $0["bytes"]?.string }
        guard let bytes = text.flatMap({ $0 }).flatMap({ Base64.decoded($0.utf8) }) else { return .content }
        _ = try? indexer.read(bytes, limits: .answer) { root in
            let figures = ReportedUsage(invoke: root.present("message") ?? root)
            // Bedrock's own figures at the end stand before those that the model's maker gives along the way.
            guard let figures else { return }
            guard let known = reported else {
                reported = figures
                return
            }
            guard root["amazon-bedrock-invocationMetrics"] != nil else {
                reported = known.updated(by: figures)
                return
            }
            reported = figures
            // For how long the cache was written only the maker's tell.
            reported?.usage.moveToLong(known.usage.cacheWriteLong)
        }
        return .content
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        _ = try? indexer.read(body, limits: .answer) { root in
            reported = ReportedUsage(invoke: root)
        }
        return nil
    }
}

extension ReportedUsage {
    /// These figures with what later ones tell more: a stream gives the prompt's first, the answer's as it grows.
    fileprivate func updated(by later: ReportedUsage) -> ReportedUsage {
        var result = later
        if later.usage.input == 0 || later.lacksInput {
            result.usage.input = usage.input
            result.usage.cacheRead = usage.cacheRead
            result.usage.cacheWrite = usage.cacheWrite
            result.usage.cacheWriteLong = usage.cacheWriteLong
            result.lacksInput = lacksInput
        }
        if later.lacksOutput {
            result.usage.output = usage.output
            result.lacksOutput = lacksOutput
        }
        return result
    }
}
