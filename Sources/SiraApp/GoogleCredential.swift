internal import Foundation
internal import SiraCatalog
internal import SiraCore
internal import SiraGemini
internal import SiraWire

/// What Google Cloud's users give as a key: a service account's key, or the file that holds it.
enum GoogleCredential {
    /// The variable by which Google's own tools find the file.
    private static let variable = "GOOGLE_APPLICATION_CREDENTIALS"
    /// A key file has about 2,400 bytes.
    private static let largest = 1 << 16

    /// A signer where the key is a service account's; nil where it is a token, which is sent as it is.
    ///
    /// - Parameter readsFiles: whether a key may be the path of a file.
    /// - Throws: `providerNotConfigured` when the file cannot be read or is not such a key.
    static func signer(
        for provider: Provider,
        keys: [Secret],
        readsFiles: Bool = true
    ) throws(GatewayError) -> (any RequestSigner)? {
        guard provider.keyVariables.contains(variable), let key = keys.first(where: isAccount)?.reveal() else {
            return nil
        }
        guard keys.count == 1 else {
            throw GatewayError(.providerNotConfigured, "give one service account, and no other key beside it")
        }
        guard readsFiles || isInline(key) else {
            throw GatewayError(
                .providerNotConfigured,
                "give the service account's key itself: a file can be named in the configuration file alone"
            )
        }
        let file = isInline(key) ? Array(key.utf8) : try contents(of: key)
        return GoogleAccountSigner(account: try GoogleAccount(file))
    }

    private static func isAccount(_ key: Secret) -> Bool {
        let text = key.reveal()
        return isInline(text) || text.hasPrefix("/") || text.hasSuffix(".json")
    }

    private static func isInline(_ key: String) -> Bool {
        key.first { !$0.isWhitespace } == "{"
    }

    private static func contents(of path: String) throws(GatewayError) -> [UInt8] {
        let handle = FileHandle(forReadingAtPath: path)
        defer { try? handle?.close() }
        guard let content = try? handle?.read(upToCount: largest), !content.isEmpty else {
            throw GatewayError(.providerNotConfigured, "the service account's key file \(path) cannot be read")
        }
        return Array(content)
    }
}
