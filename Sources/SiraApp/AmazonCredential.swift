internal import SiraBedrock
internal import SiraCatalog
internal import SiraConfiguration
internal import SiraCore
internal import SiraRouting
internal import SiraWire

/// What Amazon's users give as a key: an access key, with which requests are signed, or a token that is sent as it is.
enum AmazonCredential {
    /// The variable that holds a long-lived API key, as Amazon's own clients read it.
    private static let tokenVariable = "AWS_BEARER_TOKEN_BEDROCK"

    /// The tokens that the environment holds for a provider, where `settings` names no access key.
    static func tokens(_ settings: ProviderSettings, _ environment: Environment) -> [Secret] {
        guard settings.accessKeyID == nil else { return [] }
        return environment.text(tokenVariable).map { [Secret($0)] } ?? []
    }

    /// The region that the environment names.
    static func region(_ environment: Environment) -> String? {
        environment.text("AWS_REGION") ?? environment.text("AWS_DEFAULT_REGION")
    }

    /// A signer where an access key is known; nil where none is needed, or none is there.
    ///
    /// - Parameters:
    ///   - keys: tokens, which go before access keys.
    ///   - url: the base URL, whose host may tell the region.
    /// - Throws: `providerNotConfigured` when the key is not whole or the region is not known.
    static func signer(
        for provider: Provider,
        keys: [Secret],
        settings: ProviderSettings?,
        environment: Environment,
        url: String
    ) throws(GatewayError) -> (any RequestSigner)? {
        guard provider.auth == .awsSignature, keys.isEmpty else { return nil }
        guard let credentials = try credentials(settings, environment) else { return nil }
        let region = settings?.variables["region"] ?? region(ofHost: url) ?? region(environment)
        guard let region else {
            throw GatewayError(.providerNotConfigured, "name the region in variables, or in AWS_REGION")
        }
        return AWSSigner(credentials: credentials, region: region)
    }

    private static func credentials(
        _ settings: ProviderSettings?,
        _ environment: Environment
    ) throws(GatewayError) -> AWSCredentials? {
        if let settings, settings.accessKeyID != nil || settings.secretAccessKey != nil {
            guard let id = settings.accessKeyID, let secret = settings.secretAccessKey else {
                throw GatewayError(.providerNotConfigured, "access_key_id and secret_access_key belong together")
            }
            return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: settings.sessionToken)
        }
        guard let id = environment.text("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = environment.text("AWS_SECRET_ACCESS_KEY") else {
            throw GatewayError(.providerNotConfigured, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not")
        }
        let token = environment.text("AWS_SESSION_TOKEN").map { Secret($0) }
        return AWSCredentials(accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token)
    }

    /// The region of a host such as `bedrock-runtime.eu-central-1.amazonaws.com`.
    private static func region(ofHost url: String) -> String? {
        guard let host = (try? BaseURL(url))?.endpoint.host, host.contains(".amazonaws.com") else { return nil }
        let labels = host.split(separator: ".")
        return labels.count > 1 && labels[0].hasPrefix("bedrock") ? String(labels[1]) : nil
    }
}
