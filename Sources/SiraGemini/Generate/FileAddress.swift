/// Where files are that Google reads.
enum FileAddress {
    /// Whether only Google has what is at the address: its file service, or its storage.
    static func isGooglesOwn(_ address: String) -> Bool {
        address.hasPrefix("gs://") || address.hasPrefix("files/")
            || address.hasPrefix("https://generativelanguage.googleapis.com/")
    }

    /// Whether Google fetches what is at the address.
    static func isReadable(_ address: String) -> Bool {
        isGooglesOwn(address) || address.hasPrefix("https://") || address.hasPrefix("http://")
    }
}
