/// What the books say, and what follows from it.
package struct ReportEndpoints: Sendable {
    let source: ReportSource

    package init(_ source: ReportSource) {
        self.source = source
    }

    package var all: [Endpoint] {
        [UsageEndpoint(source: source).endpoint] + RequestEndpoints(source: source).all
            + ForecastEndpoints(source: source).all + LimitEndpoints(source: source).all
            + AdviceEndpoints(source: source).all + ReturnEndpoints(source: source).all
            + [ReconciliationEndpoint(source: source).endpoint, CorrectionEndpoint(source: source).endpoint]
    }
}
