extension AdminPage {
    /// Asks `/api/status` every two seconds while the page is seen.
    ///
    /// Values are only ever written as text.
    static let script = #"""
        "use strict";
        (() => {
          const PERIOD = 2000, TIMEOUT = 5000, root = document.documentElement;
          const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
          const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode */ } };
          const THEMES = ["auto", "light", "dark"];
          let theme = THEMES.includes(remembered("sira.theme")) ? remembered("sira.theme") : "auto";
          let language = Object.hasOwn(WORDS, remembered("sira.language") ?? "") ? remembered("sira.language") : root.lang;
          root.dataset.theme = theme;
          root.lang = language;

          let token = sessionStorage.getItem("sira.token");
          let status = null, before = null, seenAt = null, link = "waiting", timer = 0, turn = 0;
          const id = (name) => document.getElementById(name);

          // texts and numbers in the reader's language
          const t = (key, values = {}) =>
            WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
          const number = (value, options) => new Intl.NumberFormat(language, options).format(value);
          const short = (value) => number(value, value < 10000 ? {} : { notation: "compact", maximumFractionDigits: 1 });
          const percent = (value) => number(value, { style: "percent", maximumFractionDigits: 1 });
          const money = (value) => number(value, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol",
            minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 4 : 2 });
          const clock = (date) => new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(date);
          const moment = (text) => new Intl.DateTimeFormat(language,
            { dateStyle: "medium", timeStyle: "medium" }).format(new Date(text));
          const size = (bytes) => {
            const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
            const step = Math.min(3, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)));
            return number(bytes / 1000 ** step, { style: "unit", unit: units[step], maximumFractionDigits: 1 });
          };
          const span = (seconds) => {
            const unit = (value, name) => number(Math.floor(value), { style: "unit", unit: name, unitDisplay: "short" });
            if (seconds > 0 && seconds < 1) return `< ${unit(1, "second")}`;
            if (seconds < 60) return unit(seconds, "second");
            if (seconds < 3600) return unit(seconds / 60, "minute");
            if (seconds < 86400) return unit(seconds / 3600, "hour") + " " + unit(seconds % 3600 / 60, "minute");
            return unit(seconds / 86400, "day") + " " + unit(seconds % 86400 / 3600, "hour");
          };
          const micros = (value) => value < 1000 ? `${number(value)} µs` : `${number(value / 1000)} ms`;

          // writing into the page: nothing is touched that has not changed
          const write = (element, text, kind) => {
            if (element.textContent !== text) element.textContent = text;
            if (kind !== undefined && element.className !== kind) element.className = kind;
          };
          const make = (tag, text, kind) => {
            const element = document.createElement(tag);
            if (text !== undefined) element.textContent = text;
            if (kind) element.className = kind;
            return element;
          };
          const state = (text, kind) => {
            const element = make("span", undefined, `state ${kind}`), dot = make("i");
            dot.setAttribute("aria-hidden", "true");
            element.append(dot, text);
            return element;
          };
          const fill = (parent, elements) => {
            const fresh = document.createElement(parent.tagName);
            fresh.append(...elements);
            if (fresh.innerHTML !== parent.innerHTML) parent.replaceChildren(...fresh.childNodes);
          };
          const pairs = (list) => list.flatMap(([name, value, kind]) => {
            const definition = make("dd", undefined, kind);
            definition.append(value);
            return [make("dt", name), definition];
          });

          const showFrame = () => {
            document.querySelectorAll("[data-t]").forEach((element) => write(element, t(element.dataset.t)));
            write(id("language"), t("switchLanguage"));
            id("language").setAttribute("aria-label", t("switchLanguageLabel"));
            id("language").lang = language === "en" ? "zh-CN" : "en";
            write(id("theme"), t(`theme_${theme}`));
            id("theme").setAttribute("aria-label", t("themeLabel", { name: t(`theme_${theme}`) }));
            const words = link === "stale" ? t("stale", { time: seenAt ? clock(seenAt) : "–" }) : t(link);
            write(id("link").lastElementChild, words);
            id("link").className = `chip ${link === "live" ? "good" : link === "stale" ? "bad" : ""}`;
            id("content").classList.toggle("stale", link === "stale");
          };

          const showNumbers = () => {
            const { today, live } = status;
            write(id("day"), today ? t("day", { day: today.day }) : t("noRollups"));
            const rate = before && status.since_start.requests >= before.requests
              ? (status.since_start.requests - before.requests) * 1000 / (seenAt - before.at) : 0;
            write(id("n-requests"), today ? short(today.requests) : "–");
            write(id("s-requests"), t("perSecond", { n: number(rate, { maximumFractionDigits: 1 }) }));
            const share = today && today.requests ? today.failures / today.requests : 0;
            write(id("n-failures"), today ? short(today.failures) : "–");
            write(id("s-failures"), today ? t("ofRequests", { n: percent(share) }) : "",
              `sub ${share >= 0.05 ? "bad" : share >= 0.01 ? "warn" : ""}`);
            write(id("n-tokens"), today ? short(today.input_tokens + today.output_tokens) : "–");
            write(id("s-tokens"), today
              ? t("inOut", { in: short(today.input_tokens), out: short(today.output_tokens) }) : "");
            write(id("n-cost"), today ? money(Number(today.cost_usd)) : "–");
            const unknown = today ? today.unknown_cost_requests : 0;
            write(id("s-cost"), !today ? "" : unknown ? t("unknownCost", { n: short(unknown) })
              : today.requests ? t("allKnown") : t("noCost"), `sub ${unknown ? "warn" : ""}`);
            write(id("n-inflight"), short(live.inflight_requests));
            write(id("s-inflight"),
              t("streams", { streams: short(live.open_streams), connections: short(live.open_connections) }));
          };

          const showProviders = () => {
            const kinds = { present: "good", missing: "bad", unneeded: "" };
            fill(id("providers"), status.providers.map((provider) => {
              const row = make("tr"), name = make("td"), key = make("td"), protocol = make("td");
              name.append(make("b", provider.id), make("small", provider.address, "mono"));
              for (const ailment of provider.ailments) name.append(make("small", ailment, "warn"));
              protocol.append(make("span", provider.protocol, "tag"));
              key.append(state(t(`key_${provider.credential}`), kinds[provider.credential]));
              row.append(name, protocol, key, make("td", number(provider.models), "num"),
                make("td", short(provider.requests), "num"),
                make("td", short(provider.failures),
                  provider.failures >= provider.requests * 0.01 && provider.failures ? "num warn" : "num"));
              return row;
            }));
            id("no-providers").hidden = status.providers.length > 0;
          };

          const showSide = () => {
            const { live, journal, configuration } = status;
            const overhead = live.added_us_p50 === null ? "–"
              : t("atMost", { a: micros(live.added_us_p50), b: micros(live.added_us_p99) });
            fill(id("gateway"), pairs([
              [t("state"), status.ready ? state(t("ready"), "good") : state(t("notReady"), "bad")],
              [t("uptime"), span(status.uptime_seconds)], [t("started"), moment(status.started_at)],
              [t("lanes"), number(status.lanes)], [t("models"), number(status.models)],
              [t("keys"), number(status.keys)], [t("overhead"), overhead],
              ...status.listeners.map((one) => [t("listener", { name: one.name }),
                `${one.address} · ${one.tls ? t("encrypted") : t("plain")}`]),
            ]));
            fill(id("journal"), pairs([
              [t("depth"), t("records", { n: number(journal.records), size: size(journal.bytes) })],
              [t("oldest"), journal.oldest_seconds === null ? t("none") : span(journal.oldest_seconds)],
              [t("writeErrors"), number(journal.write_errors), journal.write_errors ? "bad" : ""],
              [t("damaged"), number(journal.damaged_segments), journal.damaged_segments ? "bad" : ""],
            ]));
            const failed = configuration.reload_error !== null;
            fill(id("configuration"), pairs([
              [t("file"), configuration.path ?? t("noFile"), configuration.path ? "mono" : ""],
              [t("loaded"), configuration.loaded_at ? moment(configuration.loaded_at) : "–"],
              [t("lastReload"), failed ? state(t("failed"), "bad") : state(t("fine"), "good")],
            ]));
          };

          const showNotes = () => {
            const { journal, configuration, providers } = status, notes = [];
            const note = (kind, title, detail) => {
              const element = make("p", undefined, `note ${kind}`);
              element.append(make("b", title));
              if (detail) element.append(" ", make("span", detail));
              notes.push(element);
            };
            if (!status.ready) note("bad", t("noteReady"), status.obstacles.join(" · "));
            if (status.problems.length) note("bad", t("noteProblems"), status.problems.join(" · "));
            if (journal.alarm) note("bad", t("noteJournal"));
            if (journal.damaged_segments) note("warn", t("noteDamaged"));
            if (configuration.reload_error !== null) {
              const at = configuration.reload_failed_at ? `${moment(configuration.reload_failed_at)}: ` : "";
              note("warn", t("noteReload"), at + configuration.reload_error);
            }
            if (providers.length && providers.every((one) => one.credential === "missing")) note("warn", t("noteKeys"));
            fill(id("notes"), notes);
          };

          const show = () => {
            showFrame();
            if (!status) return;
            write(id("version"), status.version);
            showNotes();
            showNumbers();
            showProviders();
            showSide();
            id("content").hidden = false;
          };

          const askForToken = (refused) => {
            token = null;
            sessionStorage.removeItem("sira.token");
            status = before = null;
            link = "paused";
            id("content").hidden = true;
            id("refused").hidden = !refused;
            if (id("login").hidden) {
              id("login").hidden = false;
              id("token").focus();
            }
            show();
          };

          // One question at a time; an answer that comes after a newer question was asked is dropped.
          const ask = async () => {
            clearTimeout(timer);
            const mine = ++turn, sent = token;
            try {
              const answer = await fetch("/api/status", {
                headers: sent ? { Authorization: `Bearer ${sent}` } : {},
                signal: AbortSignal.timeout(TIMEOUT),
              });
              if (mine !== turn) return;
              if (answer.status === 401) return askForToken(sent !== null);
              if (!answer.ok) throw new Error(`status ${answer.status}`);
              const fresh = await answer.json();
              if (mine !== turn) return;
              if (status) before = { requests: status.since_start.requests, at: seenAt };
              [status, seenAt, link] = [fresh, Date.now(), "live"];
              id("login").hidden = true;
            } catch {
              if (mine !== turn) return;
              link = "stale";
            }
            show();
            timer = setTimeout(ask, PERIOD);
          };

          document.addEventListener("DOMContentLoaded", () => {
            id("language").addEventListener("click", () => {
              language = language === "en" ? "zh-CN" : "en";
              root.lang = language;
              remember("sira.language", language);
              show();
            });
            id("theme").addEventListener("click", () => {
              theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
              root.dataset.theme = theme;
              remember("sira.theme", theme);
              show();
            });
            id("login").addEventListener("submit", (event) => {
              event.preventDefault();
              token = id("token").value;
              sessionStorage.setItem("sira.token", token);
              id("token").value = "";
              ask();
            });
            document.addEventListener("visibilitychange", () => {
              if (!document.hidden && id("login").hidden) return void ask();
              clearTimeout(timer);
              turn += 1;
            });
            show();
            ask();
          });
        })();

        """#
}
