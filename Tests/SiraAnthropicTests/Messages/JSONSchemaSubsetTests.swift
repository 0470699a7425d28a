import SiraJSON
import Testing

@testable import SiraAnthropic

@Suite struct JSONSchemaSubsetTests {
    @Test(arguments: [
        (#"{"type":"string","format":"date"}"#, #"{"type":"string","format":"date"}"#),
        (#"{"type":"object"}"#, #"{"type":"object","additionalProperties":false}"#),
        (#"{"type":"object","additionalProperties":true}"#, #"{"type":"object","additionalProperties":false}"#),
        (#"{"type":["object","null"]}"#, #"{"type":["object","null"],"additionalProperties":false}"#),
        (
            #"{"type":"integer","minimum":1,"description":"d","maximum":2}"#,
            #"{"type":"integer","description":"d\n\n{minimum: 1, maximum: 2}"}"#
        ),
        (
            #"{"type":"array","minItems":1,"items":{"type":"string","maxLength":3}}"#,
            #"{"type":"array","minItems":1,"items":{"type":"string","description":"{maxLength: 3}"}}"#
        ),
        (#"{"type":"array","minItems":2}"#, #"{"type":"array","description":"{minItems: 2}"}"#),
        (
            #"{"properties":{"minimum":{"type":"number","minimum":0}}}"#,
            #"{"properties":{"minimum":{"type":"number","description":"{minimum: 0}"}},"additionalProperties":false}"#
        ),
        (
            #"{"anyOf":[{"type":"object"},true],"$defs":{"x":{"minLength":1}}}"#,
            #"{"anyOf":[{"type":"object","additionalProperties":false},true],"$defs":{"x":{"description":"{minLength: 1}"}}}"#
        ),
        (
            #"{"oneOf":[{"type":"object"},{"type":"string","format":"regex"}]}"#,
            #"{"anyOf":[{"type":"object","additionalProperties":false},{"type":"string","description":"{format: \"regex\"}"}]}"#
        ),
        (
            #"{"anyOf":[{"type":"null"}],"oneOf":[true]}"#,
            #"{"anyOf":[{"type":"null"}],"description":"{oneOf: [true]}"}"#
        ),
        (#"{"type":"integer","format":"int32"}"#, #"{"type":"integer","description":"{format: \"int32\"}"}"#),
        (#"{"type":"string","format":"uuid"}"#, #"{"type":"string","format":"uuid"}"#),
        (#"{"enum":[{"minimum":1}]}"#, #"{"enum":[{"minimum":1}]}"#),
    ])
    func `what is not enforced goes into words`(given: String, wanted: String) throws {
        let subset = try JSONIndexer().read(Array(given.utf8)) { JSONSchemaSubset($0) }
        #expect(subset.schema.description == wanted)
    }

    @Test(arguments: [
        (#"{"type":"object"}"#, false), (#"{"type":"object","additionalProperties":false}"#, false),
        (#"{"type":"object","additionalProperties":true}"#, true),
        (#"{"items":{"type":"object","additionalProperties":{"type":"string"}}}"#, true),
        (#"{"properties":{"additionalProperties":{"type":"boolean"}}}"#, false),
    ])
    func `an object that is closed against the schema's word is noticed`(given: String, closes: Bool) throws {
        let subset = try JSONIndexer().read(Array(given.utf8)) { JSONSchemaSubset($0) }
        #expect(subset.closesObject == closes)
    }
}
