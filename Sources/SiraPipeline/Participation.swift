import SiraExperiments
import SiraJSON

/// That a request was part of an experiment, and the arm that answered it.
struct Participation: Hashable, Sendable {
    let experiment: String
    /// The arm's place among the experiment's arms.
    let arm: Int

    init(experiment: String, arm: Int) {
        self.experiment = experiment
        self.arm = arm
    }

    /// Reads the member `experiment` of a decision record: `name/arm`, or an object of `name` and `arm`; nil where there is
    /// none.
    ///
    /// - Parameter board: knows the place of an arm that is named by its model.
    init?(decision json: JSONValue, _ board: ExperimentBoard) {
        guard let said = json.present("experiment") else { return nil }
        if let text = said.string {
            let halves = text.split(separator: "/", maxSplits: 1).map(String.init)
            guard halves.count == 2, let arm = Int(halves[1]) ?? board.arm(of: halves[1], in: halves[0]) else {
                return nil
            }
            self.init(experiment: halves[0], arm: arm)
        } else {
            guard let name = said["name"]?.string, let place = said["arm"] else { return nil }
            let known =
                place.integer.flatMap { Int(exactly: $0) } ?? place.string.flatMap { board.arm(of: $0, in: name) }
            guard let arm = known else { return nil }
            self.init(experiment: name, arm: arm)
        }
    }
}
