import Synchronization

/// How many files are made at the same time.
///
/// Each walks through the ledger for as long as its client reads.
final class ExportPlaces: Sendable {
    static let limit = 2

    private let taken = Mutex(0)

    /// A place until nobody holds it any longer, whether the file is sent or not; nil where none is free.
    func take() -> ExportPlace? {
        let isFree = taken.withLock { taken in
            guard taken < Self.limit else { return false }
            taken += 1
            return true
        }
        return isFree ? ExportPlace(self) : nil
    }

    fileprivate func giveBack() { taken.withLock { $0 -= 1 } }
}

/// One of the ``ExportPlaces``, given back when it goes.
final class ExportPlace: Sendable {
    private let places: ExportPlaces

    fileprivate init(_ places: ExportPlaces) {
        self.places = places
    }

    deinit { places.giveBack() }
}
