export default {
  "keys.name": "Name", "keys.hint": "Begins with", "keys.project": "Project", "keys.state": "State", "keys.expiry": "Expires", "keys.created": "Created", "keys.models": "Models", "keys.models.hint": "Models, aliases and routes, with commas between; nothing is all.", "keys.addresses": "Addresses", "keys.tags": "Tags", "keys.priority": "Priority",
  "keys.priority.interactive": "Interactive", "keys.priority.batch": "Batch", "keys.priority.background": "Background",
  "keys.state.active": "Active", "keys.state.revoked": "Revoked", "keys.state.expired": "Expired", "keys.state.expiring": "Expires soon",
  "keys.requests.30": "Requests, 30 d", "keys.spend.30": "Spend, 30 d", "keys.spend": "Spend by model", "keys.requests": "Its requests", "keys.cost": "Its cost", "keys.usage.failed": "What keys cost is not known:", "keys.cut": "These are the first {n} keys; there are more.", "keys.unused": "Not used in the last 30 days",
  "keys.new": "New key", "keys.make": "Create key", "keys.budget": "Budget a month", "keys.budget.hint": "Refused when it is used up. Leave empty for no budget.", "keys.rpm": "Requests a minute", "keys.days": "in {n} days", "keys.never": "never",
  "keys.made": "Key created", "keys.made.once": "This is the only time that it is shown: only its digest is kept.", "keys.made.done": "I have copied it",
  "keys.rotate": "Rotate", "keys.rotate.text": "The key gets a new text. The old one is honoured for a day, so that applications can be changed over.", "keys.rotated": "New text of the key",
  "keys.revoke": "Revoke", "keys.revoke.text": "The key is refused from now on, on all lanes, for good. Requests under way are finished.", "keys.revoked": "The key is revoked",
  "keys.none": "No keys yet", "keys.none.why": "Applications show a key; what it may do and spend is bound to it.",
  "keys.project.nowhere": "You may make keys in no project yet. Somebody who manages your team can make one.",
};
