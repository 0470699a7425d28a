import SiraWire

/// Begins work on a lane beside what is running there.
///
/// Confined to the lane.
package protocol LaneScheduler: AnyObject {
    /// Begins `body`, which goes on by itself.
    func spawn(_ body: @escaping () async -> Void)

    /// Calls `action` after `delay`.
    ///
    /// - Returns: what takes it back; it may be called afterwards too.
    func after(_ delay: Duration, _ action: @escaping () -> Void) -> () -> Void
}

extension LaneScheduler {
    /// Waits, until the time is over or the signal fires.
    nonisolated(nonsending) func sleep(_ delay: Duration, unless abort: AbortSignal) async {
        guard delay > .zero, !abort.hasFired else { return }
        await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
            // Unsafe because exactly one of the two takes it out.
            var waiting: UnsafeContinuation<Void, Never>? = waiter
            let proceed = {
                let waiter = waiting
                waiting = nil
                waiter?.resume()
            }
            let cancel = after(delay, proceed)
            abort.onFire {
                cancel()
                proceed()
            }
        }
    }
}
