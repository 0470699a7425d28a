/// The terms of an objective that take a value.
enum ObjectiveTerm: String, CaseIterable {
    case quality, ttft, price
    case inputPrice = "input_price"
    case outputPrice = "output_price"
    case throughput, context, only, order, ignore, region, require
    case allowFallbacks = "allow_fallbacks"

    enum Operator: String {
        case atMost = "<="
        case atLeast = ">="
        case among = "="
    }

    /// The operator that stands before its value.
    var wanted: Operator {
        switch self {
        case .quality, .throughput, .context: .atLeast
        case .ttft, .price, .inputPrice, .outputPrice: .atMost
        case .only, .order, .ignore, .region, .require, .allowFallbacks: .among
        }
    }

    /// How it is written.
    var example: String {
        switch self {
        case .quality: "quality>=0.8"
        case .ttft: "ttft<=800ms"
        case .price: "price<=0.01"
        case .inputPrice: "input_price<=1.5"
        case .outputPrice: "output_price<=6"
        case .throughput: "throughput>=50"
        case .context: "context>=100k"
        case .only: "only=openai,anthropic"
        case .order: "order=openai,anthropic"
        case .ignore: "ignore=openai"
        case .region: "region=eu"
        case .require: "require=tools,json"
        case .allowFallbacks: "allow_fallbacks=no"
        }
    }

    /// The word for a provider that keeps nothing; it takes no value.
    static let zeroRetention = "zdr"

    /// All words that a term can begin with.
    static let words: [String] =
        Objective.Goal.allCases.map(\.rawValue) + allCases.map(\.rawValue).filter { $0 != "throughput" }
        + [zeroRetention]

    /// What errors say is allowed.
    static let allowed =
        "goals \(Objective.Goal.allCases.map(\.rawValue).joined(separator: ", ")); \(zeroRetention); "
        + allCases.map(\.example).joined(separator: ", ")
}
