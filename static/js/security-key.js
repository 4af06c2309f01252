// A security key: ask the office for a challenge, the key for its answer, and send that. Without it a form stays hidden.
(() => {
  "use strict";

  const AGAIN = "Der Schlüssel hat nicht geantwortet. Bitte noch einmal versuchen.";
  const WRONG = "Dieser Schlüssel gehört nicht zu Ihrem Konto.";
  const KNOWN = "Dieser Schlüssel ist schon eingerichtet.";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

  const creating = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
  });
  const asking = (options) => ({ ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) });

  function written(credential) {
    const { response } = credential;
    const answer = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      answer.attestationObject = text(response.attestationObject);
      answer.transports = response.getTransports?.() ?? [];
    } else {
      answer.authenticatorData = text(response.authenticatorData);
      answer.signature = text(response.signature);
      answer.userHandle = response.userHandle ? text(response.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: answer,
    });
  }

  const post = (form, more = {}) => {
    const body = new FormData(form);
    Object.entries(more).forEach(([name, value]) => body.set(name, value));
    return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
  };

  async function create(form) {
    const { publicKey } = await (await post(form)).json();
    const credential = await navigator.credentials.create({ publicKey: creating(publicKey) });
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "credential";
    field.value = written(credential);
    form.append(field);
    form.submit(); // the answer is a page: the recovery codes, shown once
  }

  async function get(form, note) {
    const { publicKey } = await (await post(form)).json();
    const credential = await navigator.credentials.get({ publicKey: asking(publicKey) });
    const answer = await post(form, { credential: written(credential) });
    if (answer.ok) location.assign((await answer.json()).next);
    else note.textContent = answer.status === 422 ? WRONG : AGAIN;
  }

  document.querySelectorAll("[data-key-form]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    const note = form.querySelector("[data-key-note]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      note.textContent = "";
      try {
        await (form.dataset.keyForm === "create" ? create(form) : get(form, note));
      } catch (error) {
        note.textContent = error.name === "InvalidStateError" ? KNOWN : AGAIN;
      } finally {
        button.disabled = false;
      }
    });
  });
})();
