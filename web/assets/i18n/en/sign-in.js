export default {
  "sign-in.email": "E-mail", "sign-in.password": "Password", "sign-in.password.new": "Choose a password", "sign-in.password.rule": "At least 12 characters. A few words make a good one.",
  "sign-in.with": "Go on with {name}", "sign-in.or": "or", "sign-in.second": "Second factor", "sign-in.second.why": "Your account asks for a code of your authenticator.", "sign-in.code": "Code", "sign-in.code.hint": "Six digits, or one of your recovery codes.",
  "sign-in.welcome": "Welcome to Sira", "sign-in.welcome.why": "Choose a password to accept the invitation.", "sign-in.accept": "Accept and sign in", "sign-in.instead": "Sign in with another account", "sign-in.sso.failed": "Single sign-on did not succeed. Try again, or ask who runs this gateway: its log says why.",
  "error.invitation_invalid": "The invitation was used, replaced or has expired. Ask for a new one.",
  "sign-in.token": "Admin token", "sign-in.token.why": "Show the gateway's admin token, or the token of a user or service account.", "sign-in.token.hint": "The one that admin.token in the configuration names. It is kept until this tab is closed.", "sign-in.token.use": "Use a token instead", "error.unauthorized": "That token is not honoured here.",
};
