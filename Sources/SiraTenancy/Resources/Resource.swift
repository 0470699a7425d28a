/// Something that operators make, change and remove while the gateway runs, described by its fields.
package protocol Resource: FieldGroup {
    static var kind: ResourceKind { get }
    /// What it is for, in a sentence.
    static var summary: String { get }
}

extension Resource {
    /// The resources that it names, such as a team its organization; they have to exist as long as it does.
    package var references: [ResourceReference] { Self.fields.flatMap { $0.references(self) } }
}
