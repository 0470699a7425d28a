/// What makes the connections of a pool.
protocol ConnectionMaker: AnyObject {
    /// Begins to make a connection.
    ///
    /// - Parameters:
    ///   - timeout: for everything up to a connection that can be used.
    ///   - onIdle: called with an HTTP/1.1 connection each time that it is free again.
    ///   - done: called once, in this call or later on the lane's event loop.
    func connect(
        to route: Route,
        timeout: Duration,
        onIdle: @escaping (HTTP1Connection) -> Void,
        done: @escaping (Result<ConnectionPool.Connection, any Error>) -> Void
    )

    /// Whether connections go through a proxy, which may be what is at fault when there are none.
    func isProxied(_ route: Route) -> Bool
}
