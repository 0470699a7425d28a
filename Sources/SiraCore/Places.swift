import Synchronization

/// So many places for what must not go on more than so many times at once, and so many of them for one holder.
package final class Places: Sendable {
    /// How many there are.
    package let limit: Int
    /// How many of them one holder has at most.
    private let limitOfOne: Int
    private let taken = Mutex<[String: Int]>([:])

    /// - Parameter each: how many one holder has at most; as many as there are without it.
    package init(limit: Int, each: Int? = nil) {
        (self.limit, limitOfOne) = (limit, each ?? limit)
    }

    /// A place until nobody holds it any longer, whatever became of what it was for.
    ///
    /// - Returns: nil where none is free, or the holder has all that one may have.
    package func take(for holder: String = "") -> Place? {
        let isFree = taken.withLock { taken in
            let own = taken[holder, default: 0]
            guard own < limitOfOne, taken.values.reduce(0, +) < limit else { return false }
            taken[holder] = own + 1
            return true
        }
        return isFree ? Place(self, holder) : nil
    }

    fileprivate func giveBack(_ holder: String) {
        taken.withLock { taken in
            let left = taken[holder, default: 1] - 1
            // Holders are many, and those who hold nothing are not kept.
            taken[holder] = left > 0 ? left : nil
        }
    }
}

/// One of some ``Places``, given back when it goes.
package final class Place: Sendable {
    private let places: Places
    private let holder: String

    fileprivate init(_ places: Places, _ holder: String) {
        (self.places, self.holder) = (places, holder)
    }

    deinit { places.giveBack(holder) }
}
