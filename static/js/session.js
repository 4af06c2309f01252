// The session ended while the page was open: sign in here, in a dialog, and nothing on the page is lost.
// Events on document: fallarbeit:session-over (opens the dialog), fallarbeit:signed-in, fallarbeit:other-user.
(() => {
  "use strict";

  const OTHER = "Sie sind jetzt als jemand anderes angemeldet. Der Text gehört der vorher angemeldeten Person und bleibt nur in diesem Fenster stehen.";
  const WRONG = "Anmeldename oder Passwort stimmt nicht.";
  const WRONG_CODE = "Dieser Code passt nicht oder wurde schon verwendet.";
  const NOT_YET = "Noch ist niemand angemeldet.";
  const AGAIN = "Die Anmeldung hat nicht geklappt. Bitte noch einmal versuchen.";

  const dialog = document.getElementById("anmelden");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const note = document.getElementById("anmelden-meldung");
  const steps = [...form.querySelectorAll("[data-step]")];
  let from = null;
  let before = null; // what the earlier person sees, kept out of the page while somebody else is signed in

  // Name and password first, then the second factor. What is not asked for must neither be sent nor hold up the form.
  const step = () => (steps[1].hidden ? "word" : "code");
  function show(name) {
    steps.forEach((part) => {
      part.hidden = part.dataset.step !== name;
      part.querySelectorAll("input").forEach((input) => { input.disabled = part.hidden; });
    });
    form.elements.code.value = "";
    const { username, password, code } = form.elements;
    (name === "code" ? code : username.value ? password : username).focus();
  }

  function open() {
    if (dialog.open) return;
    note.textContent = "";
    from = document.activeElement;
    document.getElementById("sitzung-endet")?.close();
    dialog.showModal();
    show("word");
  }

  async function freshToken() {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return answer.ok ? (await answer.json()).csrf : null;
  }

  function said(extra) {
    const body = new FormData(form);
    if (extra) body.set(extra, "1");
    return body;
  }
  const send = (extra) => fetch(form.action, {
    method: "POST",
    body: said(extra),
    headers: { Accept: "application/json", "X-CSRFToken": fallarbeit.csrfToken() },
    credentials: "same-origin",
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.querySelector("[data-check]").addEventListener("click", () => submit("check"));

  async function submit(extra) {
    const button = form.querySelector(".kern-btn--primary");
    if (button.disabled) return;
    button.disabled = true;
    note.textContent = "";
    try {
      let answer = await send(extra);
      if (answer.status === 403) {
        // A sign-in in another window has changed the token that this page was made with.
        const token = await freshToken();
        if (token) {
          fallarbeit.setCsrfToken(token);
          answer = await send(extra);
        }
      }
      if (answer.ok) {
        done(await answer.json(), extra);
      } else {
        await refused(answer, extra);
      }
    } catch {
      note.textContent = AGAIN;
    } finally {
      button.disabled = false;
    }
  }

  async function refused(answer, extra) {
    const told = answer.status === 422 || answer.status === 429 ? await answer.json() : {};
    if (told.start) show("word"); // the half of a session is gone meanwhile
    const plain = extra ? NOT_YET : step() === "code" ? WRONG_CODE : told.start ? "" : WRONG;
    note.textContent = answer.status >= 500 ? AGAIN : told.text || plain;
    const field = step() === "code" ? form.elements.code : form.elements.password;
    field.value = "";
    field.focus();
  }

  function done({ csrf, same_user: same, factor }, extra) {
    form.elements.password.value = "";
    fallarbeit.setCsrfToken(csrf);
    if (factor) {
      show("code");
      if (extra) note.textContent = NOT_YET;
      return;
    }
    dialog.close();
    if (same) {
      restore();
      fallarbeit.setCsrfToken(csrf);
      document.dispatchEvent(new CustomEvent("fallarbeit:signed-in"));
      if (from?.isConnected) from.focus();
    } else {
      hide();
      document.dispatchEvent(new CustomEvent("fallarbeit:other-user"));
    }
  }

  // Whoever signs in as somebody else gets nothing of what stood here: neither text nor name nor numbers.
  function hide() {
    if (before) return;
    const main = document.querySelector("main");
    const header = document.querySelector("header.top");
    const name = dialog.querySelector("bdi");
    before = { title: document.title, nodes: [...main.childNodes], header, name, was: name.textContent };
    header.remove();
    document.getElementById("status")?.replaceChildren();
    document.title = "Fallarbeit";
    name.textContent = "jemand anderes";
    const text = document.createElement("p");
    text.textContent = OTHER;
    const heading = document.createElement("h1");
    heading.textContent = "Andere Anmeldung";
    const home = document.createElement("a");
    home.href = "/";
    home.textContent = "Zu Heute";
    const back = document.createElement("button");
    back.type = "button";
    back.className = "act";
    back.textContent = "Wieder wie vorher anmelden";
    back.addEventListener("click", open);
    const box = document.createElement("div");
    box.className = "narrow stack";
    box.append(heading, text, home, back);
    main.replaceChildren(box);
    main.focus();
  }

  function restore() {
    if (!before) return;
    document.querySelector("main").replaceChildren(...before.nodes);
    document.querySelector(".skip").after(before.header);
    document.title = before.title;
    before.name.textContent = before.was;
    before = null;
  }

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) open();
  });
  document.addEventListener("fallarbeit:session-over", open);
})();
