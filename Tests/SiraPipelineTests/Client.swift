import Foundation
import NIOCore
import SiraPipeline
import SiraWire

/// A client that remembers what it was sent, once that has left.
final class Client: ClientStream {
    let abort = AbortSignal()
    var onWritabilityChange: ((Bool) -> Void)?
    var isWritable = true {
        didSet { onWritabilityChange?(isWritable) }
    }
    private(set) var hasStarted = false
    private(set) var status = 0
    private(set) var headers = HeaderFields()
    /// What it sees of the body.
    private(set) var body = ""
    private(set) var bodyLength: Int?
    private(set) var isEnded = false
    private(set) var isBrokenOff = false
    /// Called each time before bytes leave.
    var onFlush: () -> Void = {}
    private var unsent = ""
    private var endIsDue = false

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        hasStarted = true
        self.status = status
        self.headers = headers
        self.bodyLength = bodyLength
    }

    func sendBody(_ piece: ByteBuffer) { unsent += String(buffer: piece) }

    func sendEnd() { endIsDue = true }

    func breakOff() { isBrokenOff = true }

    func flush() {
        onFlush()
        body += unsent
        unsent = ""
        isEnded = endIsDue
    }

    /// The body as a JSON object; empty when it is none.
    var json: [String: Any] {
        ((try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]) ?? [:]
    }

    /// The error that the body tells.
    var error: [String: Any] { json["error"] as? [String: Any] ?? [:] }
    var code: String? { error["code"] as? String }

    /// The stream's events and comments, without blank lines.
    var events: [String] { body.split(separator: "\n\n").map(String.init) }
}
