// The session ended while the page was open: sign in here, in a dialog, and nothing on the page is lost.
// Events on document: fallarbeit:session-over (opens the dialog), fallarbeit:signed-in, fallarbeit:other-user.
(() => {
  "use strict";

  const OTHER = "Sie sind jetzt als jemand anderes angemeldet. Der Text gehört der vorher angemeldeten Person und bleibt nur in diesem Fenster stehen.";
  const WRONG = "Anmeldename oder Passwort stimmt nicht.";
  const AGAIN = "Die Anmeldung hat nicht geklappt. Bitte noch einmal versuchen.";

  const dialog = document.getElementById("anmelden");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const note = document.getElementById("anmelden-meldung");
  let from = null;
  let before = null; // what the earlier person sees, kept out of the page while somebody else is signed in

  function open() {
    if (dialog.open) return;
    note.textContent = "";
    from = document.activeElement;
    dialog.showModal();
    (form.elements.username.value ? form.elements.password : form.elements.username).focus();
  }

  async function freshToken() {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return answer.ok ? (await answer.json()).csrf : null;
  }

  const send = () => fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json", "X-CSRFToken": fallarbeit.csrfToken() },
    credentials: "same-origin",
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector(".kern-btn--primary");
    if (button.disabled) return;
    button.disabled = true;
    note.textContent = "";
    try {
      let answer = await send();
      if (answer.status === 403) {
        // A sign-in in another window has changed the token that this page was made with.
        const token = await freshToken();
        if (token) {
          fallarbeit.setCsrfToken(token);
          answer = await send();
        }
      }
      if (answer.ok) {
        done(await answer.json());
      } else {
        note.textContent = answer.status >= 500 ? AGAIN : WRONG;
        form.elements.password.value = "";
        form.elements.password.focus();
      }
    } catch {
      note.textContent = AGAIN;
    } finally {
      button.disabled = false;
    }
  });

  function done({ csrf, same_user: same }) {
    form.elements.password.value = "";
    fallarbeit.setCsrfToken(csrf);
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
