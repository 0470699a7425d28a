internal import SiraConfiguration

extension SettingsOrigin {
    /// `names` in the order in which the file has them as entries of `section`, then in that of the alphabet.
    func ordered(_ names: some Sequence<String>, in section: String) -> [String] {
        let last = Place(line: .max, column: .max)
        return names.map { (name: $0, place: places["\(section).\($0)"] ?? last) }
            .sorted { ($0.place, $0.name) < ($1.place, $1.name) }
            .map(\.name)
    }
}
