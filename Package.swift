// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The module map, bottom to top. A module may use modules of lower layers only; the loop below stops the
// build when it does not. docs/architecture.md says what each module is for.

let layers: [[Module]] = [
    [  // 0 · vocabulary: no I/O, no NIO, no Foundation
        Module("Core"),
        Module("JSON", native: ["CSimdJSON"]),
        Module("Tokens", native: ["CVocabularyData"]),
    ],
    [  // 1 · meaning: what is asked, who asks, what is observed
        Module("Wire", uses: ["Core", "JSON"], external: [.nioCore]),
        Module("Tenancy", uses: ["Core", "JSON"], external: [.crypto]),
        Module("Telemetry", uses: ["Core", "JSON"], external: [.log]),
    ],
    [  // 2 · dialects and facts, mutually unaware
        Module("OpenAI", uses: ["Core", "JSON", "Wire"], external: [.crypto]),
        Module("Anthropic", uses: ["Core", "JSON", "Wire"]),
        Module("Gemini", uses: ["Core", "JSON", "Wire"], external: [.crypto, .cryptoExtras, .nioCore]),
        Module("Bedrock", uses: ["Core", "JSON", "Wire"], external: [.crypto, .nioCore]),
        Module("Cohere", uses: ["Core", "JSON", "Wire"]),
        Module("Ollama", uses: ["Core", "JSON", "Wire"]),
        Module("HTTP", uses: ["Core", "Wire"], external: [.crypto, .nioCore], testSupport: [.nioEmbedded]),
        Module("Catalog", uses: ["Core", "JSON", "Wire"], native: ["CCatalogData"]),
        Module("Storage", uses: ["Core", "JSON", "Tenancy"], external: [.crypto]),
        Module("Health", uses: ["Core"]),
        Module("Signals", uses: ["Core", "JSON", "Wire"]),
        Module("Experiments", uses: ["Core", "JSON"]),
    ],
    [  // 3 · mechanisms of the hot path, and the stores behind it
        Module("Pricing", uses: ["Core", "Wire", "Catalog"]),
        Module("Limits", uses: ["Core", "Tenancy"]),
        Module(
            "Upstream",
            uses: ["Core", "Wire", "HTTP"],
            external: [.nioCore, .nioPosix, .nioHPACK, .nioHTTP2, .nioTLS, .nioSSL],
            testSupport: [.nioEmbedded]
        ),
        Module("SQLite", uses: ["Core", "JSON", "Tenancy", "Storage"], external: [.grdb]),
    ],
    [  // 4 · books and choices
        // Who signs in to the web console, and how they prove it; its tests do so on a real database.
        Module(
            "Identity",
            uses: ["Core", "JSON", "Tenancy", "Storage"],
            external: [.crypto, .cryptoExtras, .jwt],
            tests: ["SQLite"]
        ),
        // Its tests carry records all the way into a real database.
        Module("Ledger", uses: ["Core", "Tenancy", "Storage", "Pricing"], external: [.log], tests: ["SQLite"]),
        // Where a request goes; above Pricing, since what it would cost is one of the reasons.
        Module(
            "Routing",
            uses: ["Core", "JSON", "Wire", "Tenancy", "Catalog", "Health", "Signals", "Experiments", "Pricing"]
        ),
    ],
    [  // 5 · the story of a request
        Module(
            "Pipeline",
            uses: [
                "Core", "JSON", "Tokens", "Wire", "Tenancy", "Telemetry", "Catalog", "Storage", "Health", "Signals",
                "Experiments",
                "Routing", "Pricing", "Limits", "Ledger",
            ],
            external: [.log, .nioCore],
            tests: ["OpenAI", "Anthropic", "Gemini", "Bedrock", "Cohere", "Ollama"],
            testSupport: [.laneTesting]
        ),
        // The cold path: what was spent is charged for, looked at, and told.
        Module("Billing", uses: ["Core", "JSON", "Tenancy", "Storage", "Pricing"], external: [.crypto]),
        Module("Insight", uses: ["Core", "JSON", "Tenancy", "Storage", "Catalog", "Pricing"]),
        Module(
            "Alerts",
            uses: ["Core", "JSON", "Tenancy", "Storage"],
            external: [.crypto, .log, .nioCore, .nioPosix, .nioSSL]
        ),
    ],
    [  // 6 · settings: the only module that knows every module's configuration
        Module(
            "Configuration",
            uses: ["Core", "JSON", "Wire", "Catalog", "Health", "Signals", "Experiments", "Ledger", "Routing"],
            external: [.yams]
        )
    ],
    [  // 7 · surfaces
        Module(
            "Server",
            uses: ["Core", "Wire", "HTTP", "Tenancy", "Telemetry", "Ledger", "Pipeline"],
            external: [.nioCore, .nioPosix, .nioHPACK, .nioHTTP2, .nioTLS, .nioSSL, .log],
            tests: ["Storage"],
            testSupport: [.nioEmbedded, .laneTesting]
        ),
        Module(
            "Admin",
            uses: [
                "Core", "JSON", "Tenancy", "Telemetry", "Catalog", "Storage", "Health", "Experiments", "Ledger",
                "Routing", "Pricing", "Limits", "Identity", "Billing", "Insight", "Alerts", "Configuration",
            ],
            external: [.hummingbird, .hummingbirdCore, .httpTypes, .lifecycle, .log, .nioCore],
            // The admin API is tested on a real database.
            tests: ["SQLite"]
        ),
    ],
    [  // 8 · the web console, on the admin surface: its files, sign-in, what it shows live
        Module(
            "Dashboard",
            uses: ["Core", "JSON", "Tenancy", "Telemetry", "Storage", "Identity", "Admin"],
            native: ["CConsoleData"],
            external: [.crypto, .hummingbird, .httpTypes, .log, .nioCore],
            tests: ["SQLite"]
        )
    ],
    [  // 9 · assembly: the one place where concrete types meet
        Module(
            "App",
            uses: [
                "Core", "JSON", "Wire", "Tenancy", "Telemetry", "OpenAI", "Anthropic", "Gemini", "Bedrock", "Cohere",
                "Ollama", "Catalog", "Storage", "Health", "Signals", "Experiments", "Routing", "Pricing", "Limits",
                "Upstream", "SQLite", "Ledger", "Pipeline", "Billing", "Insight", "Alerts", "Configuration", "Server",
                "Identity", "Admin", "Dashboard",
            ],
            external: [.lifecycle, .log, .nioCore, .nioPosix, .nioSSL, .unixSignals]
        )
    ],
    [  // 10 · commands
        Module(
            "CLI",
            uses: [
                "Core", "JSON", "Wire", "Tenancy", "Catalog", "Storage", "Health", "Signals", "Experiments", "Routing",
                "Pricing", "SQLite", "Identity", "Configuration", "App",
                "Insight",
            ],
            external: [.arguments, .nioCore, .nioPosix]
        )
    ],
]

// ------------------------------------------------------------------------------------------------

struct Module {
    var name: String
    var uses: [String]
    var native: [String]
    var external: [Target.Dependency]
    /// Modules of lower layers that its tests use besides.
    var tests: [String]
    /// What its tests need that the product does not.
    var testSupport: [Target.Dependency]

    init(
        _ name: String,
        uses: [String] = [],
        native: [String] = [],
        external: [Target.Dependency] = [],
        tests: [String] = [],
        testSupport: [Target.Dependency] = []
    ) {
        self.name = name
        self.uses = uses
        self.native = native
        self.external = external
        self.tests = tests
        self.testSupport = testSupport
    }
}

extension Target.Dependency {
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let jwt = product(name: "JWTKit", package: "jwt-kit")
    static let laneTesting = target(name: "SiraLaneTesting")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let log = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHPACK = product(name: "NIOHPACK", package: "swift-nio-http2")
    static let nioHTTP2 = product(name: "NIOHTTP2", package: "swift-nio-http2")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

var known: Set<String> = []
var targets: [Target] = []
for layer in layers {
    for module in layer {
        for name in module.uses + module.tests where !known.contains(name) {
            fatalError("Sira\(module.name) may not use Sira\(name): it is not in a lower layer")
        }
        let uses = module.uses.map { Target.Dependency.target(name: "Sira\($0)") }
        targets.append(
            .target(
                name: "Sira\(module.name)",
                dependencies: uses + module.native.map { .target(name: $0) } + module.external,
                swiftSettings: settings
            )
        )
        // A module's tests see what the module sees, and one another's test support.
        let tests = "Tests/Sira\(module.name)Tests"
        if FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(tests)") {
            targets.append(
                .testTarget(
                    name: "Sira\(module.name)Tests",
                    dependencies: [.target(name: "Sira\(module.name)"), .target(name: "SiraTesting")] + uses
                        + module.tests.map { .target(name: "Sira\($0)") } + module.external + module.testSupport,
                    swiftSettings: settings
                )
            )
        }
    }
    known.formUnion(layer.map(\.name))
}

targets += [
    .executableTarget(name: "sira", dependencies: ["SiraCLI"], swiftSettings: settings),
    // Virtual clock and event loop, seeded random, a provider that follows a script, where the shared recordings are,
    // exams for stores. Used by tests only.
    .target(
        name: "SiraTesting",
        dependencies: ["SiraCore", "SiraJSON", "SiraWire", "SiraTenancy", "SiraStorage", .nioCore],
        swiftSettings: settings
    ),
    // A lane without a network, for the tests of what stands on one. Used by tests only.
    .target(
        name: "SiraLaneTesting",
        dependencies: [
            "SiraCore", "SiraWire", "SiraTenancy", "SiraTelemetry", "SiraOpenAI", "SiraAnthropic", "SiraGemini",
            "SiraBedrock", "SiraCohere", "SiraOllama", "SiraCatalog", "SiraStorage", "SiraHealth", "SiraSignals",
            "SiraExperiments", "SiraRouting", "SiraLimits", "SiraLedger", "SiraPipeline", "SiraTesting", .log, .nioCore,
        ],
        swiftSettings: settings
    ),
    // Requests and answers on the whole way from one dialect to another, which no module sees.
    .testTarget(
        name: "TranslationTests",
        dependencies: [
            "SiraCore", "SiraJSON", "SiraWire", "SiraOpenAI", "SiraAnthropic", "SiraGemini", "SiraBedrock",
            "SiraCohere",
            "SiraOllama", "SiraTesting",
        ],
        swiftSettings: settings
    ),
    // The gateway's own routing under load, against providers that fail as a model says, in time that is only counted.
    .testTarget(
        name: "SimulationTests",
        dependencies: [
            "SiraCore", "SiraWire", "SiraTenancy", "SiraCatalog", "SiraStorage", "SiraHealth", "SiraRouting",
            "SiraPipeline", "SiraTesting", "SiraLaneTesting", .nioCore,
        ],
        swiftSettings: settings
    ),
    // simdjson itself is the system library libsimdjson-dev.
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CCatalogData"),
    .target(name: "CVocabularyData"),
    // zlib itself is the system library zlib1g-dev.
    .target(name: "CConsoleData", linkerSettings: [.linkedLibrary("z")]),
]

let package = Package(
    name: "sira",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "sira", targets: ["sira"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.0"),
    ],
    targets: targets,
    cxxLanguageStandard: .cxx17
)
