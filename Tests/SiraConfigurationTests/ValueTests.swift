import Testing

@testable import SiraConfiguration

@Suite struct ValueTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080", true), (":80", "0.0.0.0:80", false), ("[::1]:0", "[::1]:0", true),
        ("localhost:1", "localhost:1", true), ("[fe80::1]:65535", "[fe80::1]:65535", false),
        ("sira.example.com:443", "sira.example.com:443", false), ("127.example.com:1", "127.example.com:1", false),
        ("127.0.0.1.example.com:1", "127.0.0.1.example.com:1", false),
    ])
    func `addresses are read and written`(_ text: String, _ written: String, _ isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.description == written)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "8080", "localhost", "::1:8080", "host:65536", "host:-1", "ho st:1", "[x]:1", "http://h:1", "h:",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("1024", 1_024), ("20 MB", 20_000_000), ("20MB", 20_000_000), ("512 KiB", 524_288),
        ("1.5 kB", 1_500), ("0.5 GiB", 1 << 29), ("10_000", 10_000), ("7 B", 7), ("1 mb", 1_000_000),
    ])
    func `sizes are read`(_ text: String, _ bytes: Int) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(arguments: ["", "MB", "-1", "1.5", "1 XB", "1..5 MB", "0.0001 kB", "99999999999 TB", "1 MB 2", "1e3", "0x10"])
    func `what is no size is refused`(_ text: String) {
        #expect(ByteSize.bytes(text) == nil)
    }

    @Test(arguments: [
        ("0", Duration.zero), ("250ms", .milliseconds(250)), ("10s", .seconds(10)), ("5m", .seconds(300)),
        ("1h30m", .seconds(5_400)), ("1.5s", .milliseconds(1_500)), ("2d", .seconds(172_800)),
    ])
    func `durations are read`(_ text: String, _ duration: Duration) {
        #expect(TimeSpan.duration(text) == duration)
    }

    @Test(arguments: ["", "10", "s", "10 s", "1m1h", "1s1s", "-1s", "1.5", "1us", "99999999999999999999s", "1..5s"])
    func `what is no duration is refused`(_ text: String) {
        #expect(TimeSpan.duration(text) == nil)
    }

    @Test func `what is written is read back`() {
        for bytes in [0, 1, 999, 1_000, 1_024, 32_768, 20_000_000, 1 << 30, 10_000_000_000] {
            #expect(ByteSize.bytes(ByteSize.text(bytes)) == bytes)
        }
        for milliseconds in [0, 1, 100, 1_000, 75_000, 600_000, 5_400_000, 86_400_000] {
            let duration = Duration.milliseconds(milliseconds)
            #expect(TimeSpan.duration(TimeSpan.text(duration)) == duration)
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("12", 12), ("-3", -3), ("1_000", 1_000), ("010", nil), ("1_", nil), ("_1", nil), ("+1", nil),
            ("", nil),
            ("-", nil), ("٣", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)]
    )
    func `whole numbers are plain decimal digits`(_ text: String, _ number: Int?) {
        #expect(Int(plainDecimal: text) == number)
    }

    @Test(
        arguments: [
            ("adress", "address"), ("maxOutput", "max_output"), ("api-key", "api_key"), ("modles", "models"),
            ("xyz", nil),
        ] as [(String, String?)]
    )
    func `the nearest name is found`(_ word: String, _ name: String?) {
        #expect(NearestName.nearest(to: word, among: ["address", "max_output", "api_key", "models"]) == name)
    }

    @Test func `base URLs of the environment lose their last slash`() {
        let environment = Environment(["OPENAI_BASE_URL": "http://h/v1/", "MY_OWN_BASE_URL": ""])
        #expect(environment.baseURL(ofProvider: "openai") == "http://h/v1")
        #expect(environment.baseURL(ofProvider: "my-own") == nil)
    }
}
