/// In which language someone writes, by scripts and by the words that each language cannot do without.
enum LanguageGuess {
    /// The language of a text of `counted` characters.
    static func language(of text: [UInt8], _ counted: ScriptCount) -> RequestFacts.Language {
        let asian = counted.han + counted.kana + counted.hangul
        // A Chinese character says about as much as three letters do.
        if asian > 0, asian * 3 >= counted.letters + counted.twoByte {
            if counted.hangul * 2 >= asian { return .korean }
            // Japanese is a mixture in which about half is kana; Chinese has none.
            if counted.kana * 10 >= asian { return .japanese }
            return .chinese
        }
        let foreignLetters = counted.twoByte - counted.accented + counted.threeByte
        guard counted.letters > 0, foreignLetters * 4 < counted.letters else { return .other }
        let (english, foreign) = commonWords(in: text)
        // Without a word that is anybody's, plain letters are most often English.
        if english == 0 && foreign == 0 { return counted.accented * 20 > counted.letters ? .other : .english }
        return english >= foreign ? .english : .other
    }

    /// How many of the words are the commonest of English, and of other languages in Latin letters.
    private static func commonWords(in text: [UInt8]) -> (english: Int, foreign: Int) {
        var (english, foreign) = (0, 0)
        text.withUnsafeBufferPointer { text in
            var word = PackedWord()
            for byte in text {
                let letter = byte | 0x20
                if letter &- 0x61 < 26 || byte >= 0x80 || byte == UInt8(ascii: "'") {
                    word.append(letter)
                } else if !word.isEmpty {
                    if englishWords.contains(word) { english += 1 }
                    if foreignWords.contains(word) { foreign += 1 }
                    word = PackedWord()
                }
            }
            if englishWords.contains(word) { english += 1 }
            if foreignWords.contains(word) { foreign += 1 }
        }
        return (english, foreign)
    }

    private static let englishWords = WordSet([
        "the", "of", "and", "to", "is", "that", "it", "for", "was", "with", "be", "this", "are", "what", "how", "you",
        "my", "i", "have", "not", "from", "by", "which", "can", "if", "when", "who", "why", "where", "will", "would",
        "please", "write", "give", "your", "does", "do", "his", "her", "he", "she", "they", "we", "following", "there",
        "text", "has", "been", "should", "could", "about", "into", "than", "then", "these", "those", "its",
    ])

    /// German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish and Indonesian ones; none that is English.
    private static let foreignWords = WordSet([
        "der", "und", "das", "ist", "nicht", "ein", "eine", "ich", "mit", "auf", "den", "dem", "von", "bitte", "wie",
        "le", "la", "les", "des", "et", "est", "une", "un", "dans", "que", "qui", "vous", "je", "nous", "pas", "du",
        "el", "los", "las", "una", "por", "para", "con", "como", "esta", "del", "se", "es", "mi", "su", "lo", "al",
        "il", "che", "di", "sono", "della", "gli", "um", "uma", "os", "da", "em", "au", "ce", "sur", "mon", "ma",
        "het", "een", "van", "niet", "zijn", "voor", "jest", "nie", "na", "jak", "ve", "bir", "bu", "ile", "quel",
        "yang", "dan", "untuk", "dengan", "ini", "saya", "quelle",
    ])
}
