// Single keys for the day's work. Elements carry data-key="x"; rows carry data-row. Off while writing and by setting.
(() => {
  "use strict";

  const off = () => document.body.dataset.keys === "off";
  const writing = (element) => element.closest("input, textarea, select, [contenteditable='true']");
  const visible = (element) => element.getClientRects().length > 0;

  let current = null;
  const row = () => {
    const focused = document.activeElement?.closest("[data-row]");
    if (focused) current = focused;
    return current && current.isConnected ? current : null;
  };

  function step(by) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(visible);
    if (!rows.length) return;
    const at = rows.indexOf(row());
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    current = next;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const here = row();
    const inRow = here && here.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const elsewhere = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]
      .find((element) => !element.closest("[data-row]") && visible(element));
    const target = inRow || elsewhere;
    if (!target) return false;
    if (target.matches("input, textarea, select")) {
      target.focus();
      target.select?.();
    } else {
      target.click();
    }
    return true;
  }

  // The browser moves to an autofocus field with its first frame; on a busy machine letters come before it and
  // would act as keys: the "h" of a first word left the form. So the field has the focus before any key acts.
  if (document.activeElement === document.body) document.querySelector("main [autofocus]")?.focus();

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (off() || writing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (event.key === "?") {
      document.getElementById("tasten")?.showModal();
    } else if (event.key === "Enter" && event.target.matches("[data-row]")) {
      event.target.querySelector("a")?.click();
    } else if (event.key.length !== 1 || !press(event.key)) {
      return;
    }
    event.preventDefault();
  });
})();
