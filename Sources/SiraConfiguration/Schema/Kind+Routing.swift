import SiraExperiments
import SiraRouting
import SiraSignals

extension Kind where Value == [String] {
    /// Names, none of them twice.
    static func names(_ count: ClosedRange<Int> = 0...100) -> Kind {
        .list(of: .name, count: count, distinctBy: { $0 })
    }
}

extension Kind where Value == RouteTarget {
    /// A name, or a name with a weight.
    static var routeTarget: Kind {
        .weightedName { RouteTarget(model: $0.model, weight: $0.weight) }
    }
}

extension Kind where Value == ExperimentSpec.Arm {
    /// A name, or a name with a weight.
    static var experimentArm: Kind {
        .weightedName { ExperimentSpec.Arm(model: $0.model, weight: $0.weight) }
    }
}

extension Kind {
    /// A name, which has the weight 1, or a name with a weight.
    fileprivate static func weightedName(_ make: @escaping @Sendable (WeightedName) -> Value) -> Kind {
        let name = Kind<String>.name
        let section = Kind<WeightedName>.section()
        return Kind(
            shape: .either(name.shape, section.shape),
            read: { node, reader in
                guard case .map = node.content else {
                    return name.read(node, &reader).map { make(WeightedName(model: $0)) }
                }
                return section.read(node, &reader).map(make)
            },
            write: { _ in nil }
        )
    }
}

/// The long form of a name in a list.
private struct WeightedName: SettingsSection {
    var model = ""
    var weight = 1.0

    init() {}

    init(model: String) {
        self.model = model
    }

    static var summary: String { "A name and its weight." }

    static var fields: [Field<Self>] {
        Field("model", \.model, .name, example: "gpt-4o", isRequired: true, "The name of a model, alias or route.")
        Field("weight", \.weight, .decimal(0...1_000_000), "Its part among the sum of all weights.")
    }
}

extension Kind where Value == String {
    /// A condition on requests, in the language of ``SiraSignals/Expression``.
    static var condition: Kind {
        let shape = ScalarShape(label: "expression", forms: [.text(pattern: nil)])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw Refusal("is empty; write a condition such as tokens > 8k")
            }
            do throws(ExpressionError) {
                _ = try Expression(parsing: text)
            } catch {
                throw Refusal("is no condition: \(error)")
            }
            return text
        }
    }
}

extension Kind where Value == FirstTokenLimit {
    /// `adaptive`, `off` or a length of time.
    static var firstTokenLimit: Kind {
        let duration = TextForm<Duration>.duration(.milliseconds(10) ... .seconds(3_600))
        let words: [(String, FirstTokenLimit)] = [("adaptive", .adaptive), ("off", .off)]
        let names = words.map(\.0)
        return .scalar(
            ScalarShape(
                label: (names + [duration.shape.label]).joined(separator: " | "),
                forms: [.words(names)] + duration.shape.forms
            ),
            write: { value in
                if case .fixed(let time) = value { return duration.write(time) }
                return words.first { $0.1 == value }?.0
            }
        ) { text throws(Refusal) in
            if let match = words.first(where: { $0.0 == text }) { return match.1 }
            do throws(Refusal) {
                return .fixed(try duration.parse(text))
            } catch {
                throw Refusal("\(error.reason); or write \(names.joined(separator: " or "))")
            }
        }
    }
}

extension Kind where Value == HedgePolicy? {
    /// Whether, or how.
    static var hedge: Kind {
        let form = TextForm<Bool>.flag
        let flag = Kind<Bool>.scalar(form.shape, write: form.write) { text throws(Refusal) in
            do throws(Refusal) {
                return try form.parse(text)
            } catch {
                throw Refusal("\(error.reason); or write {after: p95, extra_cost: 5%}")
            }
        }
        let section = Kind<HedgePolicy>.section()
        return Kind(
            shape: .either(flag.shape, section.shape),
            read: { node, reader in
                guard case .map = node.content else {
                    return flag.read(node, &reader).map { $0 ? HedgePolicy() : nil }
                }
                return section.read(node, &reader).map { .some($0) }
            },
            write: { $0 == nil ? "false" : $0 == HedgePolicy() ? "true" : nil }
        )
    }
}
