import Synchronization

/// A value that tests on other threads wait for.
final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let isMet: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, Never>
    }

    private struct Contents {
        var value: Value
        var waiters: [Waiter] = []
    }

    private let contents: Mutex<Contents>

    init(_ value: Value) {
        contents = Mutex(Contents(value: value))
    }

    var value: Value { contents.withLock { $0.value } }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        let (result, value, met) = contents.withLock { contents in
            let result = body(&contents.value)
            let value = contents.value
            let met = contents.waiters.filter { $0.isMet(value) }
            contents.waiters.removeAll { $0.isMet(value) }
            return (result, value, met)
        }
        for waiter in met { waiter.continuation.resume(returning: value) }
        return result
    }

    /// Waits for the value to be as wished.
    @discardableResult
    func wait(until isMet: @escaping @Sendable (Value) -> Bool) async -> Value {
        await withCheckedContinuation { continuation in
            let value = contents.withLock { contents -> Value? in
                if isMet(contents.value) { return contents.value }
                contents.waiters.append(Waiter(isMet: isMet, continuation: continuation))
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
