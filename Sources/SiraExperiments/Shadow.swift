/// Which arms of a shadow experiment get a copy of a request.
package enum Shadow {
    /// The arms after the first whose share the request falls into.
    ///
    /// An arm's weight is the share of requests, 0 to 1, that are copied to it; 1 and more is all of them. Drawn for each
    /// request and not for its user: nobody sees the answer, and one user's requests are no fair sample.
    package static func copies(of request: String, in experiment: ExperimentSpec) -> [Int] {
        experiment.arms.indices.dropFirst().filter { index in
            Assignment.isWithin(
                experiment.arms[index].weight,
                unit: request,
                in: "\(experiment.name)/\(index)"
            )
        }
    }
}
