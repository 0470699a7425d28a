/// Values by key, which remembers in what order they were last asked for.
package struct RecencyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var value: Value
        /// Towards those asked for later; -1 for none.
        var newer: Int
        /// Towards those asked for earlier; -1 for none.
        var older: Int
    }

    /// How many values there may be; at least 1.
    package let capacity: Int
    private var slots: [Slot] = []
    private var places: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1

    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many values there are.
    package var count: Int { slots.count }
    /// Whether there is no room for another one.
    package var isFull: Bool { slots.count >= capacity }
    /// All values, in no particular order.
    package var values: some Sequence<Value> { slots.lazy.map(\.value) }

    /// The value of a key, which is the newest from now on.
    package mutating func value(for key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        makeNewest(place)
        return slots[place].value
    }

    /// Changes the value of a key, which is the newest from now on; nil if there is none.
    package mutating func change<Result>(_ key: Key, _ body: (inout Value) -> Result) -> Result? {
        guard let place = places[key] else { return nil }
        makeNewest(place)
        return body(&slots[place].value)
    }

    /// Adds a value, unless the table is full or has the key already.
    package mutating func insert(_ value: Value, for key: Key) {
        guard !isFull, places[key] == nil else { return }
        places[key] = slots.count
        slots.append(Slot(key: key, value: value, newer: -1, older: -1))
        putFirst(slots.count - 1)
    }

    /// Lets go of the oldest value that can go, and says whether there was one.
    ///
    /// - Parameters:
    ///   - attempts: how many to ask; those that cannot go count as asked for just now.
    ///   - canGo: asked with the only reference that the table has.
    package mutating func letGo(attempts: Int = 1, where canGo: (inout Value) -> Bool = { _ in true }) -> Bool {
        for _ in 0..<min(attempts, slots.count) {
            let place = oldest
            if canGo(&slots[place].value) {
                remove(place)
                return true
            }
            makeNewest(place)
        }
        return false
    }

    private mutating func makeNewest(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        putFirst(place)
    }

    private mutating func putFirst(_ place: Int) {
        slots[place].newer = -1
        slots[place].older = newest
        if newest >= 0 { slots[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer >= 0 { slots[newer].older = older } else { newest = older }
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    }

    /// Removes a slot, and moves the last one into its place.
    private mutating func remove(_ place: Int) {
        unlink(place)
        places[slots[place].key] = nil
        let last = slots.count - 1
        if place != last {
            slots[place] = slots[last]
            places[slots[place].key] = place
            let (newer, older) = (slots[place].newer, slots[place].older)
            if newer >= 0 { slots[newer].older = place } else { newest = place }
            if older >= 0 { slots[older].newer = place } else { oldest = place }
        }
        slots.removeLast()
    }
}
