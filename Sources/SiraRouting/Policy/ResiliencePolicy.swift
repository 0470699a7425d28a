/// What is done so that a request is answered although a deployment fails or is slow.
package struct ResiliencePolicy: Hashable, Sendable {
    package var retry = RetryPolicy()
    package var firstToken = FirstTokenPolicy()
    /// Nil where no second attempt is made beside one that is slow.
    package var hedge: HedgePolicy?
    /// How many deployments are asked at once, the first to answer being the one that counts; 1 is the usual way.
    package var parallel = 1
    /// Whether a stream that breaks off is gone on with by another attempt, which is given what came so far.
    package var continuesStreams = false
    /// From the request's arrival to the first content, all attempts together; nil for no limit of its own.
    package var deadline: Duration?

    package init() {}

    /// One attempt and no other, for what must not be done twice.
    package static let once: ResiliencePolicy = {
        var policy = ResiliencePolicy()
        policy.retry.attempts = 1
        policy.firstToken.limit = .none
        return policy
    }()
}

/// When a request is sent again, and after what time.
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all, the first one included.
    package var attempts = 4
    /// Attempts at one deployment, the first one included.
    package var attemptsPerDeployment = 2
    /// The wait before the same deployment is asked a second time; doubles each time.
    ///
    /// What is waited is chosen at random between nothing and this ("full jitter").
    ///
    /// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    package var backoff: Duration = .milliseconds(200)
    /// The longest wait, and the longest `Retry-After` that is waited for when there is nowhere else to go.
    package var longestBackoff: Duration = .seconds(5)
    /// Retries that may be made for each request that is made, over all of the process: 0.2 adds a fifth to the load at
    /// most when everything fails.
    package var budgetShare = 0.2
    /// Retries that may be made however few requests there are, for each 10 seconds.
    package var budgetFloor = 10

    package init() {}
}

/// How long an attempt may take to its first content before another deployment is asked instead.
package struct FirstTokenPolicy: Hashable, Sendable {
    package enum Limit: Hashable, Sendable {
        case none
        case fixed(Duration)
        /// This many times the deployment's own 95th percentile, once enough is known of it.
        case adaptive(Double)
    }

    package var limit = Limit.adaptive(3)
    /// An adaptive limit is never shorter.
    package var shortest: Duration = .seconds(5)
    /// And never longer; also the limit of a deployment of which too little is known.
    package var longest: Duration = .seconds(60)

    package init() {}
}

/// When a second attempt is made beside one that has not begun to answer.
///
/// J. Dean and L. A. Barroso, "The Tail at Scale", Communications of the ACM 56 (2013), "hedged requests".
package struct HedgePolicy: Hashable, Sendable {
    /// Nil is the deployment's own 95th percentile of the time to the first token.
    package var delay: Duration?
    /// The most that second attempts may add to what requests cost, as a share: 0.05 is 5 %.
    package var extraCost = 0.05

    package init() {}
}
