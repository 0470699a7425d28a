import NIOCore
import SiraCore
import SiraWire

/// A form that has been read as far as the field that names its model; the rest flows by.
struct Form {
    /// What has been read.
    let held: ByteBuffer
    /// The model that the form names; nil when it names none.
    let model: String?
    /// Where the name stands.
    private let modelSpan: Range<Int>
    /// What is still to come; nil when all has been read.
    let rest: BodyRest?
    private let scanner: MultipartScanner

    /// The longest name of a model, in bytes.
    private static let nameLimit = 1_024

    /// Reads a form up to its model.
    ///
    /// A second model would let the provider read another one than Sira has read: it ends the request wherever it comes.
    ///
    /// - Parameter limit: the most bytes that may come up to there.
    nonisolated(nonsending) static func read(
        _ source: ArrivingBody,
        contentType: String,
        limit: Int
    ) async throws(GatewayError) -> Form {
        let reader = FormScan(try MultipartScanner(contentType: contentType))
        let held = try await BodyReading(source, limit: limit) { piece throws(GatewayError) in
            try reader.scan(piece)
            return reader.modelSpan != nil
        }.read()
        source.inspect = { piece in
            do throws(GatewayError) {
                try reader.scan(piece)
                return nil
            } catch {
                return error
            }
        }
        guard let span = reader.modelSpan else {
            guard reader.isOver else {
                throw GatewayError(.malformedRequest, "The form ends before its last boundary. Send it whole.")
            }
            return Form(held: held, model: nil, modelSpan: 0..<0, rest: nil, scanner: reader.begun)
        }
        guard span.count <= nameLimit,
            let name = held.getString(at: held.readerIndex + span.lowerBound, length: span.count),
            !name.isEmpty
        else {
            throw GatewayError(.invalidField, "\"model\" must be a name that is not empty.", field: "model")
        }
        let left = source.length.map { $0 - held.readableBytes }
        let isAll = left == 0 || source.isExhausted
        // What is still to be read is the end, of which nobody needs to hear.
        if isAll { source.discard() }
        return Form(
            held: held,
            model: name,
            modelSpan: span,
            rest: isAll ? nil : BodyRest(source, length: left),
            scanner: reader.begun
        )
    }

    /// What has been read, for a provider that knows the model by this name.
    func beginning(for name: String) -> ByteBuffer {
        guard name != model else { return held }
        let text = model == nil ? scanner.field("model", name) : Array(name.utf8)
        var result = ByteBufferAllocator().buffer(capacity: held.readableBytes + text.count)
        let bytes = held.readableBytesView
        result.writeBytes(bytes.prefix(modelSpan.lowerBound))
        result.writeBytes(text)
        result.writeBytes(bytes.dropFirst(modelSpan.upperBound))
        return result
    }
}

/// Looks for the model in a form that streams by.
private final class FormScan {
    /// The scanner before its first byte.
    let begun: MultipartScanner
    private var scanner: MultipartScanner
    /// Where the model's name stands, once all of it has been seen.
    private(set) var modelSpan: Range<Int>?
    private var modelStart: Int?

    init(_ scanner: MultipartScanner) {
        begun = scanner
        self.scanner = scanner
    }

    var isOver: Bool { scanner.isOver }

    func scan(_ piece: ByteBuffer) throws(GatewayError) {
        let result: Result<Void, GatewayError> = piece.withUnsafeReadableBytes { bytes in
            Result { () throws(GatewayError) in
                try scanner.scan(bytes) { event throws(GatewayError) in try note(event) }
            }
        }
        try result.get()
    }

    private static let notOneModel = GatewayError(
        .invalidField,
        "The form must name its \"model\" once, and as a text.",
        field: "model"
    )

    private func note(_ event: MultipartScanner.Event) throws(GatewayError) {
        switch event {
        case .part("model", let isFile, let start):
            guard modelSpan == nil, !isFile else { throw Self.notOneModel }
            modelStart = start
        // To some readers a model as well.
        case .part(let name, _, _) where name.hasPrefix("model["): throw Self.notOneModel
        case .partEnd(let end):
            if let modelStart { modelSpan = modelStart..<max(modelStart, end) }
            modelStart = nil
        case .part, .end:
            break
        }
    }
}
