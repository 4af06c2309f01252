// What every page needs: the live region, focus after a swap, menus, dialogs, failures. Pages work without it.
(() => {
  "use strict";

  const FAILED = "Das hat nicht geklappt. Ihre Eingaben stehen noch da; bitte noch einmal versuchen.";
  const REFUSED = "Das ging nicht: Die Anmeldung hat sich geändert oder die Berechtigung fehlt. Ihre Eingaben stehen noch da.";
  const INVALID = "[aria-invalid='true']:not([type='hidden'])";
  const status = () => document.getElementById("status");

  // One line at a time: a second message would push the first one out of reach.
  // message: text, or {text, undo: path, quiet: true when the page already shows it}.
  function announce(message) {
    const region = status();
    if (!region) return;
    const { text, undo, quiet } = typeof message === "string" ? { text: message } : message;
    if (quiet) {
      const spoken = document.createElement("p");
      spoken.className = "kern-sr-only";
      spoken.textContent = text;
      region.replaceChildren(spoken);
      return;
    }
    const toast = document.createElement("div");
    toast.className = "toast";
    const line = document.createElement("p");
    line.textContent = text;
    toast.append(line);
    if (undo) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = undo;
      const token = document.createElement("input");
      token.type = "hidden";
      token.name = "csrfmiddlewaretoken";
      token.value = csrfToken();
      const button = document.createElement("button");
      button.textContent = "Rückgängig";
      form.append(token, button);
      toast.append(form);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.dismiss = "";
    close.textContent = "×";
    close.setAttribute("aria-label", "Meldung schließen");
    toast.append(close);
    region.replaceChildren(toast);
  }

  function csrfToken() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  }

  function setCsrfToken(token) {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    document.querySelectorAll("input[name='csrfmiddlewaretoken']").forEach((input) => { input.value = token; });
  }

  // A folded part that holds an error must be open before its field can take the focus.
  function unfold(element) {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function focusOn(element) {
    unfold(element);
    element.focus();
    if (element.matches("textarea, input[type='text']") && element.value) element.selectionStart = element.value.length;
  }

  window.fallarbeit = { announce, csrfToken, setCsrfToken, focusOn, FAILED };

  // --- htmx: what came back ---

  document.addEventListener("announce", (event) => {
    announce(event.detail.value ?? event.detail);
  });

  // The row that leaves hands the focus to the next one; the form's own refusal replaces the form.
  let neighbour = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const sender = requestConfig.elt;
    if (xhr.status === 422 && sender instanceof HTMLFormElement) {
      event.detail.target = sender;
      event.detail.swapOverride = "outerHTML";
    }
    const row = event.detail.target.closest("[data-row]");
    if (row && row === event.detail.target) {
      const rows = [...document.querySelectorAll("[data-row]")];
      const at = rows.indexOf(row);
      neighbour = { id: row.id, next: rows[at + 1] || rows[at - 1] || null, section: row.closest("section") };
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!neighbour) return;
    const { id, next, section } = neighbour;
    neighbour = null;
    const row = document.getElementById(id);
    if (!row) {
      const number = section && section.querySelector("[data-count]");
      if (number) number.textContent = Math.max(0, Number(number.textContent) - 1);
    }
    const target = row || next || document.querySelector("h1");
    if (target) {
      if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
      target.focus();
    }
  });

  // The browser stores nothing itself (design.md 3): htmx keeps the path of the page, and with it a case number, whatever
  // its settings say about its history.
  const forgetPath = () => sessionStorage.removeItem("htmx-current-path-for-history");
  ["htmx:load", "htmx:pushedIntoHistory", "htmx:replacedInHistory"].forEach((name) => document.addEventListener(name, forgetPath));

  // htmx:load comes for every piece of new content, and once for the page itself.
  document.addEventListener("htmx:load", (event) => {
    const piece = event.detail.elt;
    const first = piece === document.body
      ? piece.querySelector(`main ${INVALID}`) || piece.querySelector("main [data-focus]")
      : piece.matches("[data-focus]") ? piece : piece.querySelector(INVALID) || piece.querySelector("[data-focus]");
    if (first) focusOn(first);
  });

  function failed(event) {
    const sender = event.detail.requestConfig?.elt || event.detail.elt;
    if (sender?.matches("[data-autosave]")) return;
    const code = event.detail.xhr?.status ?? 0;
    if (code === 401) return; // session.js
    if (sender?.matches("form[data-draft-url]")) return; // its bar says so
    announce(code === 403 ? REFUSED : FAILED);
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);

  // --- clicks and keys ---

  document.addEventListener("click", (event) => {
    const hit = event.target.closest("a, button, summary");
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!hit) return;
    if (hit.dataset.dialog !== undefined) {
      const dialog = document.getElementById(hit.dataset.dialog);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        hit.closest("details[data-menu]")?.removeAttribute("open");
        dialog.showModal();
      }
    } else if (hit.dataset.close !== undefined) {
      hit.closest("dialog")?.close();
    } else if (hit.dataset.dismiss !== undefined) {
      hit.closest(".toast").remove();
    } else if (hit.dataset.cancel !== undefined) {
      if (cancel(hit)) event.preventDefault();
    } else if (hit.dataset.fill !== undefined) {
      const field = document.getElementById(hit.dataset.fill);
      if (field) {
        event.preventDefault();
        field.value = hit.value;
        field.removeAttribute("aria-invalid");
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      }
    } else if (hit.matches("a[href^='#']")) {
      const target = document.getElementById(decodeURIComponent(hit.hash.slice(1)));
      const field = target && (target.matches("input, textarea, select") ? target : target.querySelector("input:checked, input:not([type='hidden']), textarea, select"));
      if (target) unfold(target);
      const part = target?.matches("[data-part]") && target.querySelector("details.part");
      if (part) part.open = true;
      if (hit.closest(".kern-alert") && field) {
        event.preventDefault();
        focusOn(field);
      }
    }
  });

  // A form opened in a row closes without a request, and the row has the focus again.
  function cancel(inside) {
    const slot = inside.closest(".slot");
    if (!slot) return false;
    const row = slot.closest("[data-row]");
    slot.replaceChildren();
    if (row) {
      row.tabIndex = -1;
      row.focus();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details[data-menu][open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (!event.target.closest("dialog")) {
        cancel(event.target);
      }
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const button = form && form.querySelector(".kern-btn--primary");
      if (button) {
        event.preventDefault();
        form.requestSubmit(button);
      }
    }
  });

  // A second press while the page is leaving would send the form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("hx-post") || form.closest("#anmelden")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  // Messages that came with the page are put in again, so that they are read out.
  const waiting = status();
  if (waiting && waiting.childElementCount) {
    const toasts = [...waiting.children];
    setTimeout(() => waiting.replaceChildren(...toasts), 150);
  }
})();
