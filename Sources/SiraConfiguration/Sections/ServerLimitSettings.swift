/// What one client may take of the API listener.
package struct ServerLimitSettings: Hashable, Sendable {
    /// Bytes of a request's line and header fields.
    package var headerBytes = 32_768
    /// Bytes of a request's body.
    package var bodyBytes = 20_000_000
    /// Bytes of all bodies together that are in memory.
    package var heldBodyBytes = 256_000_000
    /// Bytes of a body that is passed on while it arrives.
    package var streamBodyBytes = 536_870_912
    /// From a request's first byte to its last.
    package var requestTimeout: Duration = .seconds(30)
    /// Of a connection without a request.
    package var idleTimeout: Duration = .seconds(75)
    /// Open connections, all clients together.
    package var connections = 10_000
    /// Simultaneous requests on an HTTP/2 connection.
    package var streamsPerConnection = 100
    /// Bytes of a message over a WebSocket.
    package var messageBytes = 16_000_000
    /// Of either side of a session over a WebSocket.
    package var sessionSilence: Duration = .seconds(120)
    /// From a session's beginning to its end.
    package var sessionTime: Duration = .seconds(7_200)

    package init() {}
}

extension ServerLimitSettings: SettingsSection {
    static var summary: String { "What one client may take of the API listener." }

    static var fields: [Field<Self>] {
        Field(
            "header_bytes",
            \.headerBytes,
            .size(1_024...1_048_576),
            needsRestart: true,
            "Most bytes of a request's first line and header fields. More is answered with 431."
        )
        Field(
            "body_bytes",
            \.bodyBytes,
            .size(1_024...1_073_741_824),
            needsRestart: true,
            "Most bytes of a request's body; images travel in it. More is answered with 413."
        )
        Field(
            "held_body_bytes",
            \.heldBodyBytes,
            .size(1_024...1_099_511_627_776),
            needsRestart: true,
            """
            Most bytes of bodies in memory, all requests together, from the time they arrive to the end of their \
            answers; bodies that come in one piece with their header are not counted. More is answered with 503. One \
            body of `body_bytes` always has room.
            """
        )
        Field(
            "stream_body_bytes",
            \.streamBodyBytes,
            .size(1_024...1_099_511_627_776),
            needsRestart: true,
            """
            Most bytes of a body that is passed on while it arrives: forms with files in them, and what goes to \
            `/providers/…` and is not JSON. More is answered with 413. Of a form, `body_bytes` at most may come before its \
            `model`.
            """
        )
        Field(
            "request_timeout",
            \.requestTimeout,
            .duration(.milliseconds(100) ... .seconds(3_600)),
            needsRestart: true,
            """
            How long a request may take to arrive, from its first byte to its last. Longer is answered with 408. Of a body \
            that is passed on while it arrives, 64 KB have to come in each such time.
            """
        )
        Field(
            "idle_timeout",
            \.idleTimeout,
            .duration(.milliseconds(100) ... .seconds(86_400)),
            needsRestart: true,
            """
            How long a connection without a request is kept: more than in the load balancer in front, if there is one. \
            Also how long a client may take nothing of its answer.
            """
        )
        Field(
            "connections",
            \.connections,
            .integer(1...1_000_000),
            needsRestart: true,
            "Most open connections, all clients together."
        )
        Field(
            "streams_per_connection",
            \.streamsPerConnection,
            .integer(1...10_000),
            needsRestart: true,
            "Most simultaneous requests on one HTTP/2 connection."
        )
        Field(
            "message_bytes",
            \.messageBytes,
            .size(1_024...1_073_741_824),
            "Most bytes of a message over a WebSocket, from clients and from providers. More ends the session with 1009."
        )
        Field(
            "session_silence",
            \.sessionSilence,
            .duration(.milliseconds(100) ... .seconds(86_400)),
            """
            How long the client or the provider of a session over a WebSocket may show no sign of life, or take nothing \
            of what is there for it. After half of it a ping asks for a sign.
            """
        )
        Field(
            "session_time",
            \.sessionTime,
            .duration(.milliseconds(100) ... .seconds(604_800)),
            "How long a session over a WebSocket may last."
        )
    }
}
