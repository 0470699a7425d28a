// The neutral request: written by the dialects helper.
package struct Call: Sendable {}
