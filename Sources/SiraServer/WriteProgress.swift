/// How far a client has taken what was written to its connection.
///
/// Fed by looking now and then, so that a write costs no more than an addition.
struct WriteProgress {
    /// Bytes handed to the channel so far.
    private var written = 0
    /// Bytes that the operating system had taken from it when it was last looked at.
    private var taken = 0
    /// Whether something has been written since nothing waited any more.
    private(set) var mayWait = false
    /// When bytes that had to wait were last seen to move, of ``GatewayClock/uptime``.
    private(set) var movedAt: UInt64

    init(now: UInt64) {
        movedAt = now
    }

    mutating func wrote(_ count: Int) {
        written += count
        mayWait = true
    }

    /// Looks at how much is still waiting.
    mutating func observe(waiting: Int, now: UInt64) {
        // Under TLS more waits than was written, so that this may fall with a write; it rises only when bytes leave.
        let taken = written - waiting
        if hasWaited ? taken > self.taken : waiting > 0 { movedAt = now }
        self.taken = taken
        hasWaited = waiting > 0
        mayWait = hasWaited
    }

    private var hasWaited = false
}
