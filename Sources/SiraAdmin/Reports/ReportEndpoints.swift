/// What the books say, and what follows from it.
package struct ReportEndpoints: Sendable {
    let source: ReportSource

    package init(_ source: ReportSource) {
        self.source = source
    }

    package var all: [Endpoint] {
        [UsageEndpoint(source: source).endpoint, RequestsEndpoint(source: source).endpoint]
    }
}
