#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system's random numbers, fetched 32 at a time.
///
/// `SystemRandomNumberGenerator` enters the kernel for each number, and a request needs two.
package struct RandomReserve: RandomNumberGenerator {
    /// As many as `getentropy` gives in one call: 256 bytes.
    private var numbers = [UInt64](repeating: 0, count: 32)
    private var used: Int
    /// What gives the numbers in the system's place.
    private let source: (() -> UInt64)?

    /// - Parameter source: what gives the numbers in the system's place, for a simulation that is to run twice alike.
    package init(from source: (() -> UInt64)? = nil) {
        used = numbers.count
        self.source = source
    }

    package mutating func next() -> UInt64 {
        if used == numbers.count { refill() }
        defer { used += 1 }
        return numbers[used]
    }

    private mutating func refill() {
        used = 0
        if let source {
            for index in numbers.indices { numbers[index] = source() }
            return
        }
        let result = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        guard result != 0 else { return }
        // Cannot happen for a request of this size on a system that has the call; numbers must be random all the same.
        var system = SystemRandomNumberGenerator()
        for index in numbers.indices { numbers[index] = system.next() }
    }
}
