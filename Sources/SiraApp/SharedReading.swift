/// One reading of a store for all who ask while it goes on, none of whom waits for longer than a while.
///
/// A locked database makes readers wait for ten seconds or more: those who only tell what is known must neither wait for
/// that nor pile more readings up.
actor SharedReading<Value: Sendable> {
    private let patience: Duration
    private let read: @Sendable () async -> Value?
    private var waiting: [Int: CheckedContinuation<Value?, Never>] = [:]
    private var asked = 0
    private var isReading = false

    /// - Parameter patience: how long to wait for a reading.
    init(patience: Duration, _ read: @escaping @Sendable () async -> Value?) {
        self.patience = patience
        self.read = read
    }

    /// The value; nil where it cannot be read, or not soon.
    func value() async -> Value? {
        asked += 1
        let number = asked
        return await withCheckedContinuation { continuation in
            waiting[number] = continuation
            if !isReading {
                isReading = true
                Task { finish(await read()) }
            }
            Task {
                try? await Task.sleep(for: patience)
                waiting.removeValue(forKey: number)?.resume(returning: nil)
            }
        }
    }

    /// How many wait at present.
    var waiters: Int { waiting.count }

    private func finish(_ value: Value?) {
        isReading = false
        for continuation in waiting.values { continuation.resume(returning: value) }
        waiting = [:]
    }
}
