/// What can be asked about single requests.
struct RequestEndpoints: Sendable {
    let source: ReportSource

    var all: [Endpoint] {
        [
            RequestListEndpoint(source: source).endpoint, RequestDetailEndpoint(source: source).endpoint,
            DifferencesEndpoint(source: source).endpoint, ExportEndpoint(source: source).endpoint,
            FiguresEndpoint(source: source).endpoint, SeriesEndpoint(source: source).endpoint,
        ]
    }
}
