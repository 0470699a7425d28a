import SiraCore

/// The seconds that a `retry-after` field asks to wait, 0 or more; nil when it says nothing.
///
/// It holds a number of seconds or a date (RFC 9110, section 10.2.3).
func secondsToWait(_ field: String, now: Timestamp) -> Int? {
    if let seconds = Int(field) { return max(0, seconds) }
    guard let moment = Timestamp(httpDate: field) else { return nil }
    return Int(max(0, moment.seconds - now.seconds))
}
