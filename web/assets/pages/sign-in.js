// The way in: password, second factor, single sign-on, invitation.
import { reactive, ref, watch } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { api } from "../lib/api.js";
import { Door } from "../lib/door.js";
import { forgetFragments, route, useFragment } from "../lib/route.js";
import { enterByToken, session, whoIsThere } from "../lib/session.js";
import { FormError, Icon, TextField, useForm } from "../lib/ui.js";

export default {
  setup() {
    const invite = useFragment("invite");
    // Whom an identity provider vouches for may come back to show a second factor. A gateway that tells of no way to sign
    // in takes its admin token.
    const step = ref(route.query.step === "second-factor" ? "second-factor" : session.signIn ? "password" : "token");
    watch(invite, (text) => { if (text) step.value = "invitation"; }, { immediate: true });
    const entry = reactive({ email: "", password: "", code: "", token: "" });
    // Whoever is in is led on by the console itself.
    const token = useForm(() => enterByToken(entry.token.trim()));
    const password = useForm(async () => {
      const answer = await api("POST", "/session", { body: { email: entry.email, password: entry.password } });
      if (answer.state === "second_factor") step.value = "second-factor";
      else await whoIsThere();
    });
    const second = useForm(async () => {
      await api("POST", "/session/second-factor", { body: { code: entry.code.trim() } });
      await whoIsThere();
    });
    const invitation = useForm(async () => {
      const answer = await api("POST", "/invitation", { body: { token: invite.value, password: entry.password } });
      if (answer.state === "second_factor") step.value = "second-factor";
      else await whoIsThere();
    });
    /** Who has an account already signs in, and is not asked for the invitation again. */
    const decline = () => {
      forgetFragments();
      [invite.value, step.value] = ["", session.signIn ? "password" : "token"];
    };
    const ways = () => session.signIn?.providers ?? [];

    return () => step.value === "token" ? html`
      <${Door} title=${t("nav.sign-in")} text=${t("sign-in.token.why")}><form class="form" onSubmit=${token.submit}>
        <${TextField} model=${entry} name="token" type="password" label=${t("sign-in.token")} hint=${t("sign-in.token.hint")} autocomplete="off" required=${true} />
        <${FormError} error=${token.error.value} /><button class="btn primary big" type="submit" disabled=${token.busy.value}>${t("nav.sign-in")}</button>
        ${session.signIn && html`<button class="btn big" type="button" onClick=${() => (step.value = "password")}>${t("back")}</button>`}</form><//>`
    : step.value === "second-factor" ? html`
      <${Door} title=${t("sign-in.second")} text=${t("sign-in.second.why")}><form class="form" onSubmit=${second.submit}>
        <${TextField} model=${entry} name="code" label=${t("sign-in.code")} hint=${t("sign-in.code.hint")} autocomplete="one-time-code" required=${true} />
        <${FormError} error=${second.error.value} /><button class="btn primary big" type="submit" disabled=${second.busy.value}>${t("nav.sign-in")}</button>
        <button class="btn big" type="button" onClick=${() => (step.value = "password")}>${t("back")}</button></form><//>`
    : step.value === "invitation" ? html`
      <${Door} title=${t("sign-in.welcome")} text=${t("sign-in.welcome.why")}><form class="form" onSubmit=${invitation.submit}>
        <${TextField} model=${entry} name="password" type="password" label=${t("sign-in.password.new")} hint=${t("sign-in.password.rule")} error=${invitation.fields.value.password} autocomplete="new-password" required=${true} />
        <${FormError} error=${invitation.error.value} /><button class="btn primary big" type="submit" disabled=${invitation.busy.value}>${t("sign-in.accept")}</button>
        <button class="btn big" type="button" onClick=${decline}>${t("sign-in.instead")}</button></form><//>`
    : html`
      <${Door} title=${t("nav.sign-in")} text=${session.signIn?.error}>
        ${route.query.error && html`<p class="form-error" role="alert"><${Icon} name="circle-alert" size="15" />${t("sign-in.sso.failed")}</p>`}
        ${ways().map((one) => html`<a key=${one.id} class="btn big" href=${one.start}><${Icon} name="log-in" size="16" />${t("sign-in.with", { name: one.name })}</a>`)}
        ${session.signIn?.password !== false && html`${ways().length > 0 && html`<p class="or"><span>${t("sign-in.or")}</span></p>`}
        <form class="form" onSubmit=${password.submit}>
          <${TextField} model=${entry} name="email" type="email" label=${t("sign-in.email")} autocomplete="username" required=${true} />
          <${TextField} model=${entry} name="password" type="password" label=${t("sign-in.password")} autocomplete="current-password" required=${true} />
          <${FormError} error=${password.error.value} /><button class="btn primary big" type="submit" disabled=${password.busy.value}>${t("nav.sign-in")}</button></form>`}
        <button class="link" type="button" onClick=${() => (step.value = "token")}>${t("sign-in.token.use")}</button>
      <//>`;
  },
};
