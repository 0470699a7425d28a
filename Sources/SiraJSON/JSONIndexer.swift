internal import CSimdJSON

/// Reads JSON texts: validates them in full and shows their values as spans of the text.
///
/// An indexer keeps its buffers from text to text, so one belongs to one thread (a lane has one). Values are
/// views: they are valid only inside the closure given to ``read(_:limits:_:)``.
package final class JSONIndexer {
    private let indexer: OpaquePointer
    private var isReading = false

    package init() {
        guard let indexer = sira_json_indexer_create() else {
            preconditionFailure("out of memory while making a JSON indexer")
        }
        self.indexer = indexer
    }

    deinit {
        sira_json_indexer_destroy(indexer)
    }

    /// Indexes `text` and gives its root to `body`.
    ///
    /// - Throws: ``JSONError`` when the text is not JSON within the limits, or what `body` throws.
    package func read<Result>(
        _ text: UnsafeRawBufferPointer,
        limits: JSONLimits = .request,
        _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        precondition(!isReading, "a JSON indexer reads one text at a time")
        guard let base = text.baseAddress, !text.isEmpty else { throw JSONError(reason: .empty, offset: 0) }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        var nodes: UnsafePointer<sira_json_node>?
        var count = 0
        var offset = 0
        let status = sira_json_index(
            indexer,
            bytes,
            text.count,
            limits.depth,
            limits.values,
            limits.refusesDuplicateKeys,
            &nodes,
            &count,
            &offset
        )
        guard status == SIRA_JSON_OK, let nodes else {
            // The fast check of the encoding tells only that there is a mistake.
            let place = status == SIRA_JSON_NOT_UTF8 ? Self.firstMistake(inUTF8: text) ?? offset : offset
            throw JSONError(status, offset: place)
        }
        isReading = true
        defer { isReading = false }
        return try body(JSONValue(text: bytes, nodes: nodes, index: 0))
    }

    /// Where the first bytes are that are not UTF-8; nil when all are.
    private static func firstMistake(inUTF8 text: UnsafeRawBufferPointer) -> Int? {
        var (parser, bytes, place) = (Unicode.UTF8.ForwardParser(), text.makeIterator(), 0)
        while true {
            switch parser.parseScalar(from: &bytes) {
            case .valid(let scalar): place += scalar.count
            case .error: return place
            case .emptyInput: return nil
            }
        }
    }

    /// Indexes bytes held in an array and gives the root to `body`.
    package func read<Result>(
        _ text: [UInt8],
        limits: JSONLimits = .request,
        _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        try text.withUnsafeBytes { try read($0, limits: limits, body) }
    }
}

/// How large and how strange a JSON text may be.
package struct JSONLimits: Sendable {
    /// Arrays and objects inside one another.
    package var depth: UInt32
    /// Values and keys in all.
    package var values: UInt32
    /// Whether an object that names a key twice is an error.
    ///
    /// Readers disagree on which of the two counts, and what one part of a system checks must be what the next one
    /// uses.
    package var refusesDuplicateKeys: Bool

    package init(depth: UInt32, values: UInt32, refusesDuplicateKeys: Bool) {
        self.depth = depth
        self.values = values
        self.refusesDuplicateKeys = refusesDuplicateKeys
    }

    /// For what clients send.
    package static let request = JSONLimits(depth: 256, values: 4_000_000, refusesDuplicateKeys: true)
    /// For what providers answer, and for data files.
    package static let answer = JSONLimits(depth: 256, values: 8_000_000, refusesDuplicateKeys: false)
}

/// Why a text is not acceptable JSON, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case empty = "the text is empty"
        case syntax = "this is not JSON"
        case incomplete = "the text ends in the middle of a value"
        case notUTF8 = "the text is not valid UTF-8"
        case controlCharacter = "a string holds a control character that must be escaped"
        case tooDeep = "arrays and objects are nested too deeply"
        case tooManyValues = "there are too many values"
        case duplicateKey = "an object names the same key twice"
        case tooLong = "the text is too long"
        case noMemory = "there is not enough memory to read the text"
    }

    package var reason: Reason
    /// Bytes from the start of the text, as near as is known.
    package var offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    init(_ status: sira_json_status, offset: Int) {
        self.offset = offset
        switch status {
        case SIRA_JSON_EMPTY: reason = .empty
        case SIRA_JSON_INCOMPLETE: reason = .incomplete
        case SIRA_JSON_NOT_UTF8: reason = .notUTF8
        case SIRA_JSON_CONTROL_CHARACTER: reason = .controlCharacter
        case SIRA_JSON_TOO_DEEP: reason = .tooDeep
        case SIRA_JSON_TOO_MANY_VALUES: reason = .tooManyValues
        case SIRA_JSON_DUPLICATE_KEY: reason = .duplicateKey
        case SIRA_JSON_TOO_LONG: reason = .tooLong
        case SIRA_JSON_NO_MEMORY: reason = .noMemory
        default: reason = .syntax
        }
    }

    package var description: String { "\(reason.rawValue) (byte \(offset))" }
}
