import SiraCore
import Testing

@Suite struct HTTPDateTests {
    @Test func `a date of HTTP is read to the second`() {
        #expect(Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.seconds == 784_111_777)
        #expect(Timestamp(httpDate: "Thu, 01 Jan 1970 00:00:00 GMT")?.seconds == 0)
        #expect(Timestamp(httpDate: "Sat, 31 Dec 2016 23:59:60 GMT")?.seconds == 1_483_228_800)
    }

    @Test(
        arguments: [
            "", "120", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 +8:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ]
    )
    func `what is no such date is not read`(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }
}
