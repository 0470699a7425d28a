import SiraHealth
import Testing
@Suite struct SlidingWindowTests {}
