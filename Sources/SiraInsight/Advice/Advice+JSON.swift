import SiraCore
package import SiraJSON

extension Advice {
    /// Writes the advice as members of an object; amounts are text, in dollars for thirty days.
    ///
    /// `saving_usd` is null where saving is not what the advice is about.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("rule", rule)
        json.member("summary", summary)
        json.object("evidence") {
            for evidence in evidence {
                $0.key(dynamic: evidence.name)
                $0.element(evidence.value)
            }
        }
        if let saving {
            json.object("saving_usd") {
                $0.member("low", saving.low.description)
                $0.member("expected", saving.expected.description)
                $0.member("high", saving.high.description)
            }
        } else {
            json.null("saving_usd")
        }
        json.object("change") { change.write(to: &$0) }
    }
}

extension AdviceChange {
    /// Writes the change as members of an object, `kind` first.
    package func write(to json: inout JSONWriter) {
        switch self {
        case .route(let from, let to, let task):
            json.member("kind", "route")
            json.member("from", from.description)
            json.member("to", to.description)
            if let task { json.member("task", task) } else { json.null("task") }
        case .enableCache(let key, let model):
            json.member("kind", "enable_cache")
            json.member("key", key)
            json.member("model", model.description)
        case .useBatch(let model, let tag):
            json.member("kind", "use_batch")
            json.member("model", model.description)
            json.member("tag", tag)
        case .orderPrompt(let key, let model, let prefix):
            json.member("kind", "order_prompt")
            json.member("key", key)
            json.member("model", model.description)
            json.member("prefix", prefix)
        case .limitTools(let key, let model, let tools):
            json.member("kind", "limit_tools")
            json.member("key", key)
            json.member("model", model.description)
            json.array("without") { list in
                for tool in tools { list.element(tool) }
            }
        case .setKeyExpiry(let key, let time):
            json.member("kind", "set_key_expiry")
            json.member("key", key)
            json.member("at", time.description)
        }
    }
}
