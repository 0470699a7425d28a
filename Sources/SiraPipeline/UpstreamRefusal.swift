import NIOCore
import SiraWire

/// An error answer of a provider that can be shown to the client as it came.
struct UpstreamRefusal {
    var status: Int
    var contentType: String
    var body: ByteBuffer
}
