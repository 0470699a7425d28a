internal import SiraCore
package import SiraJSON

extension Feedback {
    /// Writes all of it as members of an object, as the API and the command line show it.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("object", "feedback")
        json.member("request_id", request.description)
        json.member("score", score)
        if let comment { json.member("comment", comment) } else { json.null("comment") }
        json.array("tags") { list in
            for tag in tags { list.element(tag) }
        }
        json.member("created_at", createdAt.description)
        guard let experiment, let arm else { return json.null("experiment") }
        json.object("experiment") {
            $0.member("name", experiment)
            $0.member("arm", arm)
        }
    }
}
