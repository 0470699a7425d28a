import SiraApp
import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire
import Testing

@Suite struct ProviderPlanTests {
    @Test func `a key in the environment is all that a provider needs`() throws {
        let world = try world("", ["OPENAI_API_KEY": "sk-1"])
        let access = try #require(world.accesses.first)
        #expect(access.baseURL.endpoint == Endpoint(host: "api.openai.com", port: 443, usesTLS: true))
        #expect(access.baseURL.pathPrefix == "/v1")
        #expect(access.credentials.first?.name == "authorization")
        #expect(access.credentials.first?.value.reveal() == "Bearer sk-1")
        #expect(try world.targets("gpt-4o") == ["openai/gpt-4o"])
    }

    @Test func `an empty key is none`() throws {
        #expect(try world("", ["OPENAI_API_KEY": ""]).accesses.isEmpty)
    }

    @Test(arguments: [
        ("OPENAI", "http://127.0.0.1:9/v1", "/v1"), ("OPENAI", "http://127.0.0.1:9/v1/", "/v1"),
        ("OPENAI", "http://127.0.0.1:9", ""), ("ANTHROPIC", "http://127.0.0.1:9", ""),
        ("ANTHROPIC", "http://127.0.0.1:9/v1", ""), ("ANTHROPIC", "http://127.0.0.1:9/a/v1/", "/a"),
    ])
    func `the environment moves a provider`(provider: String, url: String, prefix: String) throws {
        let world = try world("", ["\(provider)_API_KEY": "k", "\(provider)_BASE_URL": url])
        let access = try #require(world.accesses.first)
        #expect(access.baseURL.endpoint == Endpoint(host: "127.0.0.1", port: 9, usesTLS: false))
        #expect(access.baseURL.pathPrefix == prefix)
        #expect(world.warnings.isEmpty)
    }

    @Test(arguments: [
        "variables: {resource: r}", "base_url: 'https://r.openai.azure.com/'",
        "base_url: 'https://r.openai.azure.com/openai/'", "base_url: 'https://r.openai.azure.com/openai/v1'",
    ])
    func `Azure's endpoint is taken as its portal shows it`(address: String) throws {
        let world = try world("providers: {azure-openai: {api_key: k, \(address)}}", [:])
        let access = try #require(world.accesses.first)
        #expect(access.baseURL.endpoint.host == "r.openai.azure.com")
        #expect(access.baseURL.pathPrefix == "/openai/v1")
        #expect(access.credentials.first?.name == "api-key")
    }

    @Test func `the configuration's base URL and key go before the environment's`() throws {
        let world = try world(
            "providers: {openai: {api_key: mine, base_url: 'http://a/v1'}}",
            ["OPENAI_API_KEY": "other", "OPENAI_BASE_URL": "http://b/v1"]
        )
        #expect(world.accesses.first?.baseURL.endpoint.host == "a")
        #expect(world.accesses.first?.credentials.first?.value.reveal() == "Bearer mine")
    }

    @Test func `a wrong base URL in the environment is told by the variable's name`() throws {
        let text = try problems("", ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "nowhere"])
        #expect(text.hasPrefix("environment variable OPENAI_BASE_URL: \"nowhere\" is not a base URL"))
    }

    @Test func `a local server is used when its base URL is given, and no other way`() throws {
        #expect(try world("", ["OLLAMA_API_KEY": "k"]).accesses.isEmpty)
        let local = try world("", ["OLLAMA_BASE_URL": "http://localhost:11434/v1"])
        #expect(local.sources.map(\.origin) == ["OLLAMA_BASE_URL"])
        #expect(local.accesses.first?.credentials.isEmpty == true)
        let studio = try world("", ["LM_STUDIO_API_BASE": "http://localhost:1234/v1"])
        #expect(studio.sources.map(\.origin) == ["LM_STUDIO_API_BASE"])
    }

    @Test func `what is switched off stays off, whatever the environment holds`() throws {
        let world = try world("providers: {openai: {enabled: false}}", ["OPENAI_API_KEY": "k"])
        #expect(world.accesses.isEmpty)
    }

    @Test func `a provider of one's own with its models, placeholders, header and quirks`() throws {
        let world = try world(
            """
            providers:
              mine:
                protocol: anthropic
                base_url: https://{region}.example.com/v1
                variables: {region: eu}
                auth: {header: X-Token, prefix: "Key "}
                api_key: k
                keys: [k2]
                headers: {x-b: "2", x-a: "1"}
                models: [house-1]
                timeouts: {connect: 1s}
                quirks: {stream_usage: none}
            """,
            ["OPENAI_API_KEY": "k"]
        )
        let access = try #require(world.accesses.first)
        #expect(access.wire == .anthropic && access.timeouts.connect == .seconds(1))
        #expect(access.baseURL.endpoint.host == "eu.example.com" && access.baseURL.pathPrefix.isEmpty)
        #expect(access.credentials.first?.name == "x-token" && access.credentials.first?.value.reveal() == "Key k")
        #expect(access.headers.map(\.name) == ["x-a", "x-b"])
        #expect(access.provider.quirks.streamUsage == .none)
        #expect(try world.targets("house-1") == ["mine/house-1"])
        #expect(world.directory.listed.contains { $0.id == "house-1" && $0.owner == "mine" })
        #expect(access.credentials.map { $0.value.reveal() } == ["Key k", "Key k2"])
        #expect(world.warnings.isEmpty)
    }

    @Test func `a provider of one's own needs no key, and finds one by its name`() throws {
        let text = "providers: {my-gpu: {protocol: openai, base_url: 'http://gpu:8000/v1'}}"
        #expect(try world(text).accesses.first?.credentials.isEmpty == true)
        let keyed = try world(text, ["MY_GPU_API_KEY": "k"])
        #expect(keyed.accesses.first?.credentials.first?.value.reveal() == "Bearer k")
    }

    @Test func `who is to be shown no key is shown none, though the environment has one`() throws {
        let text = "providers: {openai: {auth: none, base_url: 'http://localhost:9/v1'}}"
        #expect(try world(text, ["OPENAI_API_KEY": "k"]).accesses.first?.credentials.isEmpty == true)
    }

    @Test func `a provider that shares another's models keeps them beside its own`() throws {
        let world = try world("providers: {openai-eu: {api_key: k, models: [new-one]}}")
        #expect(try world.targets("new-one") == ["openai-eu/new-one"])
        let plan = try world.directory.plan(for: "gpt-4o", operation: .chat)
        #expect(plan.candidates.map(\.deployment.id) == ["openai-eu/gpt-4o"])
        #expect(plan.candidates.first?.deployment.prices != nil)
    }

    @Test func `a provider of a protocol of its own needs no more than its key`() throws {
        let world = try world("", ["GEMINI_API_KEY": "k"])
        #expect(world.accesses.map(\.name) == ["gemini"])
        #expect(world.accesses.first?.credentials.first?.name == "x-goog-api-key")
    }

    @Test(arguments: ["", "/v1beta", "/v1", "/v1beta/"])
    func `Gemini's version may be part of its base URL or not`(version: String) throws {
        let world = try world("", ["GEMINI_API_KEY": "k", "GEMINI_BASE_URL": "http://127.0.0.1:9\(version)"])
        #expect(world.accesses.first?.baseURL.pathPrefix == "")
    }

    @Test(arguments: [("us-east5", "us-east5-aiplatform.googleapis.com"), ("global", "aiplatform.googleapis.com")])
    func `Vertex has project and region in its base URL`(region: String, host: String) throws {
        for provider in ["vertex", "vertex-anthropic"] {
            let world = try world(
                "providers: {\(provider): {api_key: ya29.token, variables: {project: p, region: \(region)}}}"
            )
            let access = try #require(world.accesses.first)
            #expect(access.baseURL.endpoint.host == host)
            #expect(access.baseURL.pathPrefix == "/v1/projects/p/locations/\(region)")
            #expect(access.credentials.first?.value.reveal() == "Bearer ya29.token")
            #expect(access.signer == nil)
            #expect(access.provider.quirks.hosting == .vertex)
        }
        #expect(try problems("providers: {vertex: {api_key: k, variables: {region: r}}}").contains("{project}"))
    }

    @Test func `what is no service account's key is told`() throws {
        let text = "providers: {vertex: {variables: {project: p, region: r}}}"
        #expect(try problems(text, ["GOOGLE_APPLICATION_CREDENTIALS": "/no/such.json"]).contains("cannot be read"))
        #expect(try problems(text, ["GOOGLE_APPLICATION_CREDENTIALS": "{}"]).contains("client_email"))
    }

    @Test func `a base URL that leads back to Sira is warned of`() throws {
        let world = try world("", ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://localhost:8080/v1"])
        #expect(world.warnings.first?.hasSuffix("is the address on which Sira itself listens.") == true)
    }

    @Test func `each provider has the proxy that is set for it, and no other`() throws {
        let world = try world("providers: {openai: {api_key: k, proxy: 'http://u:p@h:3128'}, groq: {api_key: k}}")
        #expect(world.accesses.map(\.proxy) == [ProxyAddress(url: "http://u:p@h:3128"), nil])
        #expect(world.accesses.first?.proxy != nil)
    }

    @Test func `a provider's list of header fields takes the place of the server's, not of the protocols'`() throws {
        let world = try world("providers: {openai: {api_key: k, forward_headers: [x-a]}, groq: {api_key: k}}")
        let own = try #require(world.accesses.first?.forwardedHeaders)
        #expect(own.cover("X-A") && own.cover("openai-organization") && !own.cover("x-b"))
        #expect(world.accesses.last?.forwardedHeaders == nil)
    }

    @Test func `keys of the configuration go before the environment's, also without a first one`() throws {
        let world = try world("providers: {openai: {keys: [a, b]}}", ["OPENAI_API_KEY": "c"])
        #expect(world.accesses.first?.credentials.map { $0.value.reveal() } == ["Bearer a", "Bearer b"])
    }
}

@Suite struct AmazonProviderTests {
    private let environment = [
        "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1",
    ]

    @Test func `an access key of the environment signs requests in its region`() throws {
        let access = try #require(try world("providers: {bedrock: {}}", environment).accesses.first)
        #expect(access.wire == .bedrock)
        #expect(access.baseURL.endpoint.host == "bedrock-runtime.eu-central-1.amazonaws.com")
        #expect(access.credentials.isEmpty)
        #expect(access.signer != nil)
    }

    @Test func `an API key is sent as it is, and goes before access keys`() throws {
        var environment = environment
        environment["AWS_BEARER_TOKEN_BEDROCK"] = "ABSK"
        for text in ["providers: {bedrock: {}}", "providers: {bedrock: {api_key: ABSK}}"] {
            let access = try #require(try world(text, environment).accesses.first)
            #expect(access.signer == nil)
            #expect(access.credentials.map { $0.value.reveal() } == ["Bearer ABSK"])
        }
    }

    @Test func `the configuration's access key goes before all that the environment has`() throws {
        var environment = environment
        environment["AWS_BEARER_TOKEN_BEDROCK"] = "ABSK"
        let settings = "{access_key_id: AK, secret_access_key: s, variables: {region: us-west-2}}"
        let access = try #require(try world("providers: {bedrock: \(settings)}", environment).accesses.first)
        #expect(access.signer != nil && access.credentials.isEmpty)
        #expect(access.baseURL.endpoint.host == "bedrock-runtime.us-west-2.amazonaws.com")
    }

    @Test func `what is missing is said`() throws {
        let half = try problems("providers: {bedrock: {access_key_id: AK}}", ["AWS_REGION": "eu-west-1"])
        #expect(half.contains("access_key_id and secret_access_key belong together"))
        let none = try problems("providers: {bedrock: {}}", ["AWS_REGION": "eu-west-1"])
        #expect(none.contains("no key is set"))
        #expect(try problems("providers: {bedrock: {}}", ["AWS_ACCESS_KEY_ID": "AK"]).contains("{region}"))
    }

    @Test func `Ollama's and Cohere's own protocols stand at the root of their hosts`() throws {
        let ollama = try world("providers: {ollama: {protocol: ollama}}", [:]).accesses.first
        #expect(ollama?.wire == .ollama)
        #expect(ollama?.baseURL.pathPrefix == "")
        let cohere = try world("providers: {cohere: {base_url: 'https://api.cohere.com/v2'}}", ["COHERE_API_KEY": "k"])
        #expect(cohere.accesses.first?.wire == .cohere)
        #expect(cohere.accesses.first?.baseURL.pathPrefix == "")
    }
}
