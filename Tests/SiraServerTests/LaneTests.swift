import NIOCore
import SiraTesting
import Testing

@testable import SiraServer

@Suite struct LaneTests {
    @Test func `what waits on a lane goes on there, without a thread in between`() {
        let loop = SteppedLoop()
        let lane = Lane(loop: loop)
        let story = NIOLoopBound(Story(), eventLoop: loop)
        lane.start { _ in await story.value.tell() }
        loop.run()
        #expect(story.value.steps == ["begins"])
        story.value.continuation?.resume()
        // Were another thread to take it first, the loop might have nothing to do yet.
        #expect(loop.hasTasks)
        loop.run()
        #expect(story.value.steps == ["begins", "goes on"])
    }
}

private final class Story {
    private(set) var steps: [String] = []
    private(set) var continuation: UnsafeContinuation<Void, Never>?

    nonisolated(nonsending) func tell() async {
        steps.append("begins")
        await withUnsafeContinuation { continuation = $0 }
        steps.append("goes on")
    }
}
