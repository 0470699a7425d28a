/// The median; 0 of nothing.
///
/// Of an even count it is the mean of the two in the middle.
func median(of sample: [Double]) -> Double {
    guard !sample.isEmpty else { return 0 }
    let sorted = sample.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
