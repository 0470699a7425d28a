import SiraTelemetry
import Testing

@Suite struct TrailTests {
    @Test func `a stage lasts from the end of the stage before it`() {
        var trail = Trail(start: 1_000)
        trail.mark(.decode, at: 1_300)
        trail.mark(.authenticate, at: 1_350)
        #expect(trail.duration(of: .decode) == 300)
        #expect(trail.duration(of: .authenticate) == 50)
        #expect(trail.duration(of: .authorize) == nil)
    }

    @Test func `a stage that was skipped takes no time from the next`() {
        var trail = Trail(start: 0)
        trail.mark(.decode, at: 10)
        trail.mark(.finish, at: 25)
        #expect(trail.duration(of: .finish) == 15)
        #expect(trail.duration(of: .route) == nil)
    }

    @Test func `the first stage may end at the very start of the clock`() {
        var trail = Trail(start: 0)
        #expect(trail.duration(of: .decode) == nil)
        trail.mark(.decode, at: 0)
        #expect(trail.duration(of: .decode) != nil)
    }

    @Test func `the stages are named in the order in which requests go through them`() {
        let names = Stage.allCases.map(\.label.description)
        #expect(names == ["decode", "authenticate", "authorize", "admit", "route", "reserve", "execute", "finish"])
    }
}
