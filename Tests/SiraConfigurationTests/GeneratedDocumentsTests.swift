import Foundation
import Testing

@testable import SiraConfiguration

@Suite struct GeneratedDocumentsTests {
    @Test func `the reference is up to date`() throws {
        try expectGolden("docs/configuration.md", Settings.referenceMarkdown)
    }

    @Test func `the schema is up to date`() throws {
        try expectGolden("docs/sira.schema.json", Settings.jsonSchema)
    }

    @Test func `the example of every field is up to date`() throws {
        let text = Settings.starterFile.replacing("$schema=", with: "$schema=../docs/")
        try expectGolden("Examples/everything.yaml", text)
    }

    @Test func `the schema is JSON`() throws {
        let root = try JSONSerialization.jsonObject(with: Data(Settings.jsonSchema.utf8)) as? [String: Any]
        let properties = try #require(root?["properties"] as? [String: Any])
        #expect(Set(properties.keys) == Set(Settings.fields.map(\.shape.name)))
    }

    @Test func `no two fields of a section have the same name, and each is described by a sentence`() {
        func check(_ section: SectionShape, _ path: String) {
            #expect(Set(section.fields.map(\.name)).count == section.fields.count, "\(path)")
            for field in section.fields {
                #expect(field.summary.hasSuffix("."), "\(path).\(field.name)")
                if let inner = field.shape.inner { check(inner.section, "\(path).\(field.name)") }
            }
        }
        check(.root, "")
    }

    @Test func `the reference names every field`() {
        let reference = Settings.referenceMarkdown
        let names = ["`address` ↻", "`cache_write_1h`", "server.limits", "SIRA_ADMIN_TOKEN", "providers.<id>.quirks"]
        for name in names {
            #expect(reference.contains(name), "\(name)")
        }
    }
}
