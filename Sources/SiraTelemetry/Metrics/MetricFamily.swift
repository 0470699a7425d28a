/// A metric whose samples, and not only their values, are asked for at each scrape.
///
/// Whoever gives it bounds the number of samples, since each is a time series.
package struct MetricFamily: Sendable {
    /// One value under its labels.
    package struct Sample: Sendable {
        package var labels: [(name: String, value: String)]
        package var value: Double

        package init(_ labels: [(name: String, value: String)], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    /// The full name, such as `sira_deployment_state`.
    package var name: String
    package var kind: MetricKind
    package var help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: MetricKind, help: String, samples: [Sample] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}
