package struct AnswerEvent: Sendable {}
