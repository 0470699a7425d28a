package final class OutputEstimator: Sendable { package init() {}
 func note(key: String, model: String, promptBytes: Int, promptTokens: Int, outputTokens: Int) {}
 func promptTokens(ofBytes: Int, model: String) -> Int { ofBytes/4 }
 func outputTokens(key: String, model: String, limit: Int?) -> Int { min(1024, limit ?? 1024) } }
package final class AdmissionQueue: Sendable { package init() {}
 func poll(uptime: UInt64, now: Timestamp) {} }
import SiraCore
