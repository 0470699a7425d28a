extension Kind where Value == KeepingTime {
    /// A length of time of a day or more, such as `400d`, or `forever`.
    ///
    /// Not less, because the store passes over records that it has: rows must outlive the journal that repeats them.
    static var keepingTime: Kind {
        let range = Duration.seconds(86_400) ... .seconds(36_500 * 86_400)
        let duration = Kind<Duration>.duration(range)
        let shape = ScalarShape(
            label: "duration | forever",
            forms: [.text(pattern: "^(forever|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$")]
        )
        return .scalar(shape, write: { $0.duration.map { duration.write($0) ?? "" } ?? "forever" }) {
            text throws(Refusal) in
            if text == "forever" { return .forever }
            guard let time = TimeSpan.duration(text) else {
                throw Refusal("is no length of time; write it as 30d or 400d, or forever")
            }
            guard range.contains(time) else {
                throw Refusal("is not within \(TimeSpan.text(range.lowerBound)) and \(TimeSpan.text(range.upperBound))")
            }
            return .limited(time)
        }
    }
}
