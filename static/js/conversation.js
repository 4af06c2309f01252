// Drafts: whatever was typed is saved within 10 s, and the page says the truth about it. Serves every form with
// data-draft-url that holds a [data-autosave] element, #draft-state and an input named revision.
(() => {
  "use strict";

  const PAUSE = 2000; // after the last keystroke
  const LATEST = 10000; // after the first unsaved one
  const TEXT = {
    saving: "wird gespeichert …",
    session: "Sitzung abgelaufen, bitte anmelden, Ihr Text ist gesichert",
    conflict: "In einem anderen Fenster geändert: ",
    both: "beide Fassungen ansehen",
    sending: "wird abgeschlossen …",
    gone: "Diese Akte ist für Sie nicht mehr zugänglich. Ihr Text liegt unter „Weiterschreiben“ auf Heute",
    refused: "Bitte die markierten Felder ansehen; noch nichts abgeschlossen",
  };
  const REST = document.getElementById("draft-state")?.dataset.rest || "der Entwurf ist noch nicht in der Akte";

  const form = () => document.querySelector("form[data-draft-url]");
  if (!form()) return;

  const state = {
    dirty: false, // something is typed that the server has not confirmed
    first: 0, // when the first unsaved keystroke came
    flight: false,
    again: false, // changed while a save was in flight
    stopped: "", // "session", "conflict", "submit", "left"
    tries: 0,
    pause: 0,
    retry: 0,
    tick: 0,
    waiting: null, // the submit, while a save is in flight
  };

  const line = () => document.getElementById("draft-state");
  function say(text, trouble = false) {
    const place = line();
    if (!place) return;
    place.textContent = text;
    place.toggleAttribute("data-trouble", trouble);
  }
  const clock = () => new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });

  // --- when to save ---

  function changed() {
    state.dirty = true;
    state.first ||= Date.now();
    if (state.flight) state.again = true;
    if (state.stopped || state.retry) return;
    clearTimeout(state.pause);
    state.pause = setTimeout(save, Math.max(0, Math.min(PAUSE, state.first + LATEST - Date.now())));
  }

  function save() {
    clearTimeout(state.pause);
    if (!state.dirty || state.stopped || !form()) return;
    if (state.flight) {
      state.again = true;
      return;
    }
    clearRetry();
    state.flight = true;
    state.again = false;
    if (!state.tries) say(TEXT.saving);
    htmx.trigger(form().querySelector("[data-autosave]"), "autosave");
  }

  function clearRetry() {
    clearTimeout(state.retry);
    clearInterval(state.tick);
    state.retry = state.tick = 0;
  }

  // --- what came back ---

  function saved(revision) {
    state.flight = false;
    if (state.tries) fallarbeit.announce({ text: "Wieder verbunden, Ihr Text ist gespeichert.", quiet: true });
    state.tries = 0;
    if (revision) form().elements.revision.value = revision;
    if (state.again) {
      state.first = Date.now();
      state.again = false;
      changed();
    } else {
      state.dirty = false;
      state.first = 0;
    }
    say(`gespeichert ${clock()} · ${REST}`);
  }

  function interrupted() {
    state.flight = false;
    if (state.stopped) return;
    clearRetry();
    state.tries += 1;
    let seconds = Math.min(2 ** state.tries, 8);
    const tell = () => say(`Verbindung unterbrochen, Ihr Text bleibt hier stehen; nächster Versuch in ${seconds} s`, true);
    tell();
    if (state.tries === 1) fallarbeit.announce({ text: "Verbindung unterbrochen. Ihr Text bleibt hier stehen und wird gespeichert, sobald es wieder geht.", quiet: true });
    state.tick = setInterval(() => {
      seconds -= 1;
      if (seconds > 0) tell();
    }, 1000);
    state.retry = setTimeout(() => {
      clearRetry();
      save();
    }, seconds * 1000);
  }

  function sessionOver() {
    state.flight = false;
    state.stopped = "session";
    clearRetry();
    say(TEXT.session, true);
    document.dispatchEvent(new CustomEvent("fallarbeit:session-over"));
  }

  // Whoever is writing keeps the field under the hands: the next letters belong into it, and are no keys of the page.
  function conflict(html) {
    state.flight = false;
    state.stopped = "conflict";
    clearRetry();
    const place = document.getElementById("draft-conflict");
    const field = document.activeElement;
    const writing = Boolean(field?.form) && field.form === form();
    const before = writing ? field.getBoundingClientRect().top : 0;
    htmx.swap(place, html, { swapStyle: "innerHTML" });
    say(TEXT.conflict, true);
    const link = document.createElement("a");
    link.href = `#${place.id}`;
    link.textContent = TEXT.both;
    line()?.append(link);
    if (writing) {
      window.scrollBy(0, field.getBoundingClientRect().top - before);
      fallarbeit.announce({ text: `${TEXT.conflict}${TEXT.both}`, quiet: true });
    } else {
      place.focus();
    }
  }

  // The element that sent may be gone by now (a 422 replaces the form): htmx then reports from its parent.
  const sender = (event) => event.detail.requestConfig?.elt || event.detail.elt;
  const isAutosave = (event) => sender(event)?.matches?.("[data-autosave]");
  const isSubmit = (event) => sender(event)?.matches?.("form[data-draft-url]");

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isAutosave(event)) return;
    const xhr = event.detail.xhr;
    const code = xhr?.status ?? 0;
    const submit = state.waiting;
    state.waiting = null;
    if (code >= 200 && code < 300) saved(xhr.getResponseHeader("X-Draft-Revision"));
    else if (code === 409) conflict(xhr.responseText);
    else if (code === 401 || code === 403) sessionOver();
    else interrupted();
    if (submit && !state.stopped) submit();
  });

  // A save that is under way must not arrive after the conclusion: the submit waits for its answer.
  document.addEventListener("htmx:confirm", (event) => {
    if (!isSubmit(event)) return;
    if (state.stopped === "submit" || state.waiting) event.preventDefault();
    else if (state.flight) {
      event.preventDefault();
      state.waiting = () => event.detail.issueRequest(true);
    }
  });

  // "Später weiter" can meet another window too. That answer holds no form: it must not take the place of this one.
  const holdsBoth = (xhr) => xhr?.status === 409 && xhr.responseText.includes("data-keep-mine");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSubmit(event) && holdsBoth(event.detail.xhr)) event.detail.shouldSwap = false;
  });

  // The final submit: the page stays when it fails, so that the text stays.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSubmit(event)) return;
    clearTimeout(state.pause);
    clearRetry();
    state.stopped = "submit";
    say(TEXT.sending);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isSubmit(event)) return;
    const xhr = event.detail.xhr;
    const code = xhr?.status ?? 0;
    if (code === 404) {
      // The case went to somebody else or ended meanwhile: the draft is kept without it.
      state.stopped = "";
      state.dirty = true;
      save();
      say(TEXT.gone, true);
      return;
    }
    if (code >= 200 && code < 400) {
      state.dirty = false; // HX-Redirect is under way
      state.stopped = "left";
      return;
    }
    state.stopped = "";
    if (code === 401 || code === 403) sessionOver();
    else if (holdsBoth(xhr)) conflict(xhr.responseText);
    else if (code === 422 || code === 409) say(TEXT.refused, true);
    else {
      say("Nicht abgeschlossen: Verbindung unterbrochen. Ihr Text bleibt hier stehen; bitte noch einmal „abschließen“", true);
      fallarbeit.announce(fallarbeit.FAILED);
      if (state.dirty) interrupted();
    }
  });

  document.addEventListener("fallarbeit:signed-in", () => {
    if (state.stopped === "session") state.stopped = "";
    state.dirty = true;
    state.tries = 0;
    save();
  });
  document.addEventListener("fallarbeit:other-user", () => {
    state.stopped = "session";
    clearRetry();
    clearTimeout(state.pause);
  });
  document.addEventListener("fallarbeit:save-draft", save); // the session ends soon
  window.addEventListener("online", () => {
    if (state.retry) save();
  });

  // --- what the person does ---

  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form === form()) changed();
  });
  document.addEventListener("change", (event) => {
    if (event.target.form && event.target.form === form()) {
      changed();
      marks();
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.form && event.target.form === form() && state.dirty && !state.retry) save();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !state.dirty || state.stopped) return;
    if (state.flight) state.again = true;
    else last();
  });

  // A page that is being left cannot wait for an answer; the browser finishes this request on its own.
  function last() {
    const draft = form();
    if (!draft) return true;
    const body = new URLSearchParams(new FormData(draft));
    const small = body.toString().length < 60000; // what a browser lets outlive its page
    state.flight = true;
    fetch(draft.dataset.draftUrl, {
      method: "POST",
      body,
      keepalive: small,
      credentials: "same-origin",
      headers: { "X-CSRFToken": fallarbeit.csrfToken(), "HX-Request": "true" },
    }).then(async (answer) => {
      if (answer.ok) saved(answer.headers.get("X-Draft-Revision"));
      else if (answer.status === 409) conflict(await answer.text());
      else if (answer.status === 401 || answer.status === 403) sessionOver();
      else interrupted();
    }).catch(interrupted);
    return small;
  }

  // Leaving while the connection works saves and asks nothing; while something cannot be saved, the browser asks.
  window.addEventListener("beforeunload", (event) => {
    if (!state.dirty || state.stopped === "left") return;
    if (state.stopped || state.tries || !navigator.onLine || !last()) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const keep = event.target.closest("[data-keep-mine]");
    if (keep) {
      form().elements.revision.value = keep.dataset.revision;
      document.getElementById("draft-conflict").replaceChildren();
      state.stopped = "";
      state.dirty = true;
      save();
      form().querySelector("textarea")?.focus();
    } else if (event.target.closest("[data-leave]")) {
      state.stopped = "left";
    } else if (event.target.closest("[data-add]")) {
      const group = event.target.closest("[data-repeat]");
      const rows = group.querySelectorAll(".person, [data-row-of]");
      const row = rows[rows.length - 1].cloneNode(true);
      if (row.dataset.rowOf) renumber(row);
      row.querySelectorAll("input[type='hidden']").forEach((field) => { field.remove(); });
      row.querySelectorAll("input, select, textarea").forEach((field) => {
        if (field.type === "checkbox") field.checked = false;
        else if (!(field.matches("select") && row.dataset.rowOf)) field.value = "";
      });
      row.querySelectorAll(".kern-error").forEach((sentence) => { sentence.remove(); });
      row.querySelectorAll("[aria-invalid]").forEach((field) => { field.removeAttribute("aria-invalid"); });
      rows[rows.length - 1].after(row);
      htmx.process(row);
      row.querySelector(row.dataset.rowOf === "res" ? "input" : "select").focus();
    }
  });

  // as3_text becomes as4_text: the server reads whatever rows there are.
  function renumber(row) {
    const number = Number(row.querySelector("[data-n]").textContent) + 1;
    row.querySelector("[data-n]").textContent = number;
    row.querySelectorAll("[id], [name], [for], [aria-describedby]").forEach((element) => {
      ["id", "name", "for", "aria-describedby"].forEach((name) => {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(/(res|as)\d+_/, `$1${number}_`));
      });
    });
  }

  // The list of places is asked for what stands in the field, and for nothing else of the form.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("input[list='orte']")) return;
    const question = new FormData();
    question.set("q", event.target.value);
    event.detail.parameters = question;
  });

  // --- what the page shows beside it ---

  // Which sections hold something; "filled" is a mark in the list of sections, nothing more.
  function marks() {
    document.querySelectorAll(".talk__nav a").forEach((link) => {
      const part = document.getElementById(link.hash.slice(1));
      // An agreement that stays is no entry of this talk, although its wording stands ready to go on from.
      const renewed = part?.querySelector("[name='agreement'][value='new']:checked");
      const filled = part && [...part.querySelectorAll("input:not([type='hidden']), textarea, select")]
        .filter((field) => renewed || !field.closest("[data-only-new]"))
        .some((field) => (field.type === "radio" || field.type === "checkbox"
          ? field.checked && field.value !== "keep" // an open step stays unless somebody says otherwise
          : field.value.trim()));
      link.toggleAttribute("data-filled", Boolean(filled));
    });
  }

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }

  function arrived() {
    marks();
    document.querySelectorAll("[data-add]").forEach((button) => { button.hidden = false; });
    if (!CSS.supports("field-sizing", "content")) {
      document.querySelectorAll("form[data-draft-url] textarea").forEach((area) => {
        grow(area);
        area.addEventListener("input", () => grow(area));
      });
    }
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (isSubmit(event)) arrived();
  });
  arrived();
})();
