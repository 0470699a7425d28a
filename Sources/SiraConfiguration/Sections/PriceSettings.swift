package import SiraCore

/// What a model costs. Each amount is for a million units; nil is unknown, which is never taken for 0.
package struct PriceSettings: Hashable, Sendable {
    package var input: NanoUSD?
    package var output: NanoUSD?
    package var cacheRead: NanoUSD?
    /// Writing to a cache that lasts five minutes, or to the only cache there is.
    package var cacheWrite: NanoUSD?
    /// Writing to a cache that lasts an hour.
    package var cacheWrite1h: NanoUSD?
    package var reasoning: NanoUSD?
    package var audioIn: NanoUSD?
    package var audioOut: NanoUSD?
    /// For one request, not for a million.
    package var perRequest: NanoUSD?

    package init() {}
}
