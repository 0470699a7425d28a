extension Kind where Value == Double {
    /// A number within `range`, with or without a point.
    static func decimal(_ range: ClosedRange<Double>) -> Kind {
        let shape = ScalarShape(label: ScalarShape.decimalLabel, forms: [.decimal(range)])
        return .scalar(shape, write: { DecimalNumber.text($0) }) { text throws(Refusal) in
            guard let number = DecimalNumber.value(text) else {
                throw Refusal("is not a number; write it as 2 or 0.25")
            }
            guard range.contains(number) else {
                throw Refusal(
                    "is not within \(DecimalNumber.text(range.lowerBound)) and \(DecimalNumber.text(range.upperBound))"
                )
            }
            return number
        }
    }

    /// A part of a whole: `5%` or `0.05`.
    static func share(_ range: ClosedRange<Double> = 0...1) -> Kind { .scalar(.share(range)) }
}

extension TextForm where Value == Double {
    /// A part of a whole: `5%` or `0.05`.
    static func share(_ range: ClosedRange<Double>) -> TextForm {
        let shape = ScalarShape(
            label: "share",
            forms: [.decimal(range), .text(pattern: "^[0-9]+(\\.[0-9]+)? ?%$")]
        )
        return TextForm(shape: shape, write: { Share.text($0) }) { text throws(Refusal) in
            guard let share = Share.value(text) else {
                throw Refusal("is not a share; write it as 5% or 0.05")
            }
            guard range.contains(share) else {
                let isPercentage = !text.hasSuffix("%") && share > range.upperBound && range.contains(share / 100)
                let meant = isPercentage ? "; did you mean \(text)%?" : ""
                throw Refusal(
                    "is not within \(Share.text(range.lowerBound)) and \(Share.text(range.upperBound))\(meant)"
                )
            }
            return share
        }
    }
}

extension ScalarShape {
    /// What a number with a point is called.
    static let decimalLabel = "number"
}

/// Numbers with a point as people write them.
enum DecimalNumber {
    /// Reads digits with at most one point between them, and a minus before them; nil when it is anything else.
    ///
    /// - Parameter exponent: the power of ten that the number is multiplied by, without a loss.
    static func value(_ text: some StringProtocol, exponent: Int = 0) -> Double? {
        let parts = (text.hasPrefix("-") ? text.dropFirst() : text[...]).split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        let isNumber =
            (1...2).contains(parts.count)
            && parts.allSatisfy {
                (1...15).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
        return isNumber ? Double("\(text)e\(exponent)") : nil
    }

    /// The shortest way to write it, without a point where it is whole.
    static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}

/// Parts of a whole as people write them.
enum Share {
    /// Reads a percentage, or a number where 1 is the whole; nil when it is neither.
    static func value(_ text: String) -> Double? {
        guard text.hasSuffix("%") else { return DecimalNumber.value(text) }
        let digits = text.dropLast()
        return DecimalNumber.value(digits.last == " " ? digits.dropLast() : digits, exponent: -2)
    }

    /// The percentage, to a millionth.
    static func text(_ share: Double) -> String {
        DecimalNumber.text((share * 100_000_000).rounded() / 1_000_000) + "%"
    }
}
