/// What becomes of a request to a path of a provider at which all things of the operator's account are.
///
/// Files, threads and credentials belong to the account, not to the key that asked for them: whoever reaches such a path
/// sees and changes those of all keys.
package enum AccountPathPolicy: String, Sendable, CaseIterable {
    case refuse
    case pass
}
