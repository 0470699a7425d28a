internal import SiraWire

/// Which files requests of OpenAI's protocols may bring.
extension MediaRules {
    /// Those of chat completions.
    ///
    /// https://platform.openai.com/docs/api-reference/chat/create. Types of pictures are not told apart: those who follow OpenAI differ in them.
    static func chat(_ quirks: Quirks) -> MediaRules {
        var rules = MediaRules()
        rules.images = ["image/"]
        rules.imageAddresses = quirks.hosting == .vertex ? MediaRules.web + ["gs://"] : MediaRules.web
        rules.sounds = MediaRules.wavAndMP3
        rules.documents = ["application/pdf"]
        return rules
    }

    /// Those of Responses.
    ///
    /// https://platform.openai.com/docs/guides/file-inputs
    static func responses(_ quirks: Quirks) -> MediaRules {
        var rules = MediaRules()
        rules.images = ["image/png", "image/jpeg", "image/webp", "image/gif"]
        rules.imageAddresses = MediaRules.web
        rules.sounds = MediaRules.wavAndMP3
        rules.documents = quirks.hosting == .azure ? ["application/pdf"] : ["application/pdf"] + MediaRules.officeFiles
        rules.documentAddresses = MediaRules.web
        rules.fetchesTexts = quirks.hosting != .azure
        // What OpenAI's own ids and those of Azure's assistants begin with.
        rules.files = ["file-", "assistant-"]
        return rules
    }

    private static let wavAndMP3 = ["audio/wav", "audio/x-wav", "audio/wave", "audio/mp3", "audio/mpeg"]

    private static let officeFiles = [
        "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
}

extension FileType {
    /// OpenAI's word for a sound of this type; it has two.
    var soundFormat: String {
        isAmong(["audio/mp3", "audio/mpeg"]) ? "mp3" : "wav"
    }
}
