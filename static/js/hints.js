// A soft hint on words that seldom belong into a note (special categories of data, judgements). It looks only at what
// stands in the field, in this window: nothing is sent, nothing is stored, nothing is stopped.
(() => {
  "use strict";

  const GROUPS = [
    ["Gesundheit", /\b(diagnos\w*|depress\w*|psych(?:ose|isch|iatr)\w*|borderline|schizo\w*|burn-?out|krebs\w*|tumor\w*|hiv|epilep\w*|demen[zt]\w*|adhs|autis\w*|erkrank\w*|krankheit\w*|krankenhaus|therapie\w*|medikament\w*|schwanger\w*|behinder\w*)/iu],
    ["Sucht", /\b(sucht\w*|süchtig\w*|alkohol\w*|trinkt|drogen\w*|cannabis|methadon|substitu(?:tion|iert)\w*|entzug\w*|spielsüchtig\w*)/iu],
    ["Religion, Politik oder Herkunft", /\b(religi\w*|muslim\w*|islam\w*|christlich\w*|jüdisch\w*|kirche\w*|moschee\w*|partei(?:mitglied)?|gewerkschaft\w*|afd|migrationshintergrund|ausländ\w*|herkunft\w*|nationalität)/iu],
    ["Sexualleben oder Vorstrafen", /\b(homosexu\w*|lesbisch|schwul\w*|transsexu\w*|vorbestraft|vorstrafe\w*|haftstrafe\w*|gefängnis|jva|bewährung\w*|straftat\w*)/iu],
    ["ein Urteil statt einer Beobachtung", /\b(faul\w*|unmotiviert\w*|motivationslos\w*|antriebslos\w*|keinen bock|verweiger\w*|aggressiv\w*|unzuverlässig\w*|beratungsresistent\w*|schwierig(?:e[rnsm]?)? (?:person|fall|charakter)|angeblich|vorgeblich|hoffnungslos\w*|uneinsichtig\w*)/iu],
    ["Hörensagen", /\b(soll angeblich|man sagt|gerücht\w*|habe gehört|wie ich höre)/iu],
  ];

  function look(area) {
    const line = document.getElementById(area.dataset.hints);
    if (!line) return;
    const found = GROUPS.map(([name, words]) => [name, area.value.match(words)]).find(([, match]) => match);
    const text = found ? `„${found[1][0]}“: ${found[0]}? Gehört das unbedingt in den Vermerk? Die Entscheidung liegt bei Ihnen.` : "";
    if (line.textContent !== text) line.textContent = text;
  }

  let timer;
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-hints]")) return;
    clearTimeout(timer);
    timer = setTimeout(look, 600, event.target);
  });
})();
