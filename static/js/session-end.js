// Before the session ends for want of activity: what was typed is saved, and a dialog asks two minutes ahead.
// Activity is a request by the person; typing without one counts as well, and is told to the office before the end.
(() => {
  "use strict";

  const WARNING = 120; // seconds before the end
  const ASKED_EVERY = 1200; // seconds: somebody may work in one page until the tenth hour
  const left = document.body.dataset.session;
  if (!left) return;
  const url = "/konto/sitzung/";

  let idle = Number(left);
  let idleEnd = Date.now() + idle * 1000;
  let lastEnd = Infinity; // the tenth hour; the office says when it is asked
  let heard = Date.now();
  let typed = false; // since the office last heard of the person
  let timer = 0;
  let dialog = null;

  const over = () => document.dispatchEvent(new CustomEvent("fallarbeit:session-over"));
  const seconds = () => Math.round((Math.min(idleEnd, lastEnd) - Date.now()) / 1000);

  function told(rest) {
    heard = Date.now();
    idleEnd = heard + rest.idle * 1000;
    lastEnd = heard + rest.absolute * 1000;
    plan();
  }

  async function ask(method) {
    const headers = { Accept: "application/json", "X-Requested-With": "session" };
    if (method === "POST") headers["X-CSRFToken"] = fallarbeit.csrfToken();
    try {
      const answer = await fetch(url, { method, headers, credentials: "same-origin" });
      if (answer.ok) {
        const rest = await answer.json();
        if (method === "POST") {
          typed = false;
          idle = rest.idle;
        }
        told(rest);
      } else if (answer.status === 401) {
        close();
        over();
      }
      return answer.ok;
    } catch {
      return false; // no network: nothing is lost, and nothing can be asked
    }
  }

  function plan() {
    clearTimeout(timer);
    // Browsers forget timers that are too far ahead, and a laptop that slept wakes late: look now and then.
    timer = setTimeout(look, Math.max(1, Math.min(seconds() - WARNING, 60)) * 1000);
  }

  async function look() {
    if (seconds() > WARNING) {
      if (Date.now() - heard > ASKED_EVERY * 1000) await ask("GET");
      return plan();
    }
    document.dispatchEvent(new CustomEvent("fallarbeit:save-draft"));
    // Another window may have been used meanwhile, and whoever types is there.
    const answered = await ask(typed && lastEnd - Date.now() > WARNING * 1000 ? "POST" : "GET");
    if (!answered || seconds() > WARNING) {
      close();
      return plan();
    }
    show();
    clearTimeout(timer);
    timer = setTimeout(tick, 1000);
  }

  function tick() {
    const rest = seconds();
    if (rest > WARNING) {
      close();
      return plan();
    }
    if (rest <= -1) {
      ask("GET");
      return undefined;
    }
    tell(rest);
    // Another window may go on working while this one warns.
    if (rest % 15 === 0) ask("GET").then(() => seconds() > WARNING && close());
    clearTimeout(timer);
    timer = setTimeout(tick, 1000);
    return undefined;
  }

  function tell(rest) {
    const place = dialog?.querySelector("[data-rest]");
    if (place) place.textContent = `${Math.floor(Math.max(0, rest) / 60)}:${String(Math.max(0, rest) % 60).padStart(2, "0")}`;
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function show() {
    if (dialog?.open) return;
    const isLast = lastEnd <= idleEnd;
    const rest = element("strong", { className: "nowrap" });
    rest.dataset.rest = "";
    const title = element("h2", { id: "sitzung-endet-titel", textContent: "Ihre Sitzung endet gleich" });
    const sentence = element("p", {}, "Noch ", rest, isLast
      ? " Minuten: Nach zehn Stunden ist eine neue Anmeldung nötig. Ihr Text ist gesichert."
      : " Minuten, weil länger nichts geschehen ist. Ihr Text ist gesichert.");
    const go = element("button", { type: "button", className: "kern-btn kern-btn--primary" },
      element("span", { className: "kern-label", textContent: isLast ? "Verstanden" : "Weiter arbeiten" }));
    go.addEventListener("click", async () => {
      if (!isLast) await ask("POST");
      close();
    });
    dialog?.remove();
    dialog = element("dialog", { id: "sitzung-endet", className: "kern-dialog" },
      element("div", { className: "kern-dialog__body" }, title, sentence, element("p", { className: "btns" }, go)));
    dialog.setAttribute("aria-labelledby", title.id);
    // Escape is an answer of somebody who is there.
    dialog.addEventListener("cancel", () => { if (!isLast) ask("POST"); });
    document.body.append(dialog);
    tell(seconds());
    if (!document.querySelector("dialog#anmelden[open]")) dialog.showModal();
  }

  function close() {
    if (dialog?.open) dialog.close();
  }

  document.addEventListener("input", () => { typed = true; });
  // An answer to somebody's request: the office has heard of the person.
  document.addEventListener("htmx:afterRequest", (event) => {
    const trigger = event.detail.elt?.getAttribute?.("hx-trigger") ?? "";
    if (!event.detail.successful || trigger.startsWith("every ")) return;
    idleEnd = Date.now() + idle * 1000;
    typed = false;
    if (!dialog?.open) plan();
  });
  document.addEventListener("fallarbeit:signed-in", () => ask("GET"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  plan();
})();
