import SiraCatalog
import SiraWire
import Testing

@Suite struct BaseURLTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("HTTPS://API.OpenAI.com", "https://api.openai.com"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:DB8::0:1]", "https://[2001:db8::1]"),
        ("http://127.1:9000/a/b//", "http://127.0.0.1:9000/a/b"),
        ("https://host:443", "https://host"),
        ("http://my_service:80/", "http://my_service"),
    ])
    func `a base URL is taken apart and put together in one spelling`(text: String, expected: String) throws {
        #expect(try BaseURL(text).description == expected)
    }

    @Test func `its parts are where the transport wants them`() throws {
        let url = try BaseURL("https://dashscope.aliyuncs.com:8443/compatible-mode/v1")
        #expect(url.endpoint == Endpoint(host: "dashscope.aliyuncs.com", port: 8443, usesTLS: true))
        #expect(url.pathPrefix == "/compatible-mode/v1")
    }

    @Test(arguments: [
        ("", "empty"), ("api.openai.com", "https://"), ("ftp://a.b", "https://"), ("https://", "host is missing"),
        ("https://a b", "space"), ("https://bücher.de", "ASCII"), ("https://a.b/v1?x=1", "query"),
        ("https://a.b/#c", "fragment"), ("https://u:p@a.b", "key"), ("https://a.b:0", "port"),
        ("https://a.b:65536", "port"),
        ("https://a.b:", "port"), ("https://a.b:+1", "port"), ("https://[::1", "IPv6"), ("https://[zz]", "IPv6"),
        ("https://-a.b", "host name"), ("https://a..b", "host name"), ("https://{region}.a.b", "{region}"),
        ("https://a.b/v1/chat/completions", "leave off"), ("https://a.b\\c", "character"),
        ("http://169.254.169.254/latest", "metadata"), ("http://0xa9fea9fe", "metadata"),
        ("http://[::ffff:169.254.169.254]:80", "metadata"),
    ])
    func `what is not a base URL is refused with the reason`(text: String, reason: String) {
        #expect(performing: { try BaseURL(text) }, throws: { "\($0)".contains(reason) })
    }

    @Test(arguments: [
        "https://me:hunter2@host/v1?key=hunter2", "https://host?x=a@hunter2", "https://host/#hunter2",
        "https://host?{hunter2", "https://me:a?hunter2@host",
    ])
    func `an error does not repeat a password`(text: String) {
        #expect(
            performing: { try BaseURL(text) },
            throws: { !"\($0)".contains("hunter2") }
        )
    }
}
