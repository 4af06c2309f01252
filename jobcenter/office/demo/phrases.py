"""Sentences that fit every topic: how a contact began and ended, what a step is called, notes from the desk."""

from casework.enums import ClosingReason, MissedHow

FIRST_TALK = "Erstgespräch: was möchte die Person erreichen, was gibt es schon?"
ARRANGE_FIRST_TALK = "Erstgespräch vereinbaren"
NEW_APPOINTMENT = "Neuen Termin vereinbaren"

OUTSIDE = ("Stadtteiltreff", "Stadtbücherei, Lesecafé")
PLACES = ("Telefon", "Telefon", "Beratungsraum Erdgeschoss", *OUTSIDE)

PROVIDERS = (
    "Bildungswerk Brückenbogen",
    "Lernhaus Windrose",
    "Werkstatt am Wehr",
    "Akademie Kastanienhof",
    "Beratungshaus Leuchtturm",
)

OPENINGS = {
    "in_person": (
        "Gespräch im Haus, wie verabredet.",
        "Gespräch hier im Büro, gut eine halbe Stunde.",
        "Persönliches Gespräch zum vereinbarten Zeitpunkt.",
        "Treffen im Beratungsraum; die Unterlagen waren dabei.",
        "Gespräch mit {name} im Haus.",
        "{name} war zum Gespräch hier und hatte eigene Fragen aufgeschrieben.",
    ),
    "phone": (
        "Telefonat, etwa zehn Minuten.",
        "Anruf von {name}.",
        "Rückruf wie abgesprochen.",
        "{name} am Telefon erreicht.",
        "Kurzes Telefonat zum Stand der Dinge.",
        "Kurz angerufen, {name} hatte gerade Zeit.",
    ),
    "digital": (
        "E-Mail von {name}, heute beantwortet.",
        "Videogespräch, Ton und Bild waren gut.",
        "Nachricht über das Portal, Antwort ist geschrieben.",
        "Austausch per E-Mail über den Stand.",
    ),
    "written": (
        "Brief von {name} ist angekommen.",
        "Schriftliche Rückmeldung mit Kopien der Unterlagen.",
        "Karte von {name} mit einer Nachricht zum Stand.",
    ),
    "outreach": (
        "Treffen außer Haus, im Viertel.",
        "Gespräch an einem Ort, den {name} vorgeschlagen hat.",
        "Treffen vor Ort, bei einer Tasse Tee.",
    ),
    "three_way": (
        "Gespräch zu dritt mit {traeger}.",
        "Gemeinsames Gespräch mit {name} und {traeger}; alle drei haben erzählt, was gut läuft.",
    ),
    "group": (
        "Treffen der Gruppe; der Teil, der {name} betrifft, steht hier.",
        "Gruppentermin, danach ein kurzes Gespräch zu zweit.",
    ),
}

FIRST = (
    "Erstes Gespräch. Erklärt, wie wir hier arbeiten: Ausgangspunkt ist, was {name} selbst erreichen will.",
    "Zum Kennenlernen: was soll anders werden, und was gibt es schon? Alles Weitere richtet sich danach.",
    "Erstes Treffen. Gefragt, wofür {name} von sich aus schon etwas tut, und damit gleich angefangen.",
    "Kennengelernt und ohne Umwege über Arbeit gesprochen.",
)

WILL_INTROS = (
    "In eigenen Worten: {will}",
    "{name} sagt dazu: {will}",
    "Das Ziel in den eigenen Worten: {will}",
    "Auf die Frage, was sich ändern soll: {will}",
    "{will} So steht es jetzt auch auf dem gemeinsamen Blatt.",
)

STILL = (
    "An dem Ziel hat sich nichts geändert: {will}",
    "Das Ziel gilt weiter: {will}",
    "Zur Erinnerung, wie es am Anfang hieß: {will}",
)

PENDING = (
    "Der letzte Schritt braucht noch etwas Zeit; er bleibt, wie er verabredet war.",
    "Die Antwort steht noch aus. {name} fragt von sich aus noch einmal nach.",
    "Das Verabredete ist angefangen, aber noch nicht abgeschlossen.",
    "Es kam etwas dazwischen; der Schritt wird in den nächsten Tagen nachgeholt.",
    "Noch keine Rückmeldung von dort. Wir haben überlegt, wie gut nachgefragt werden kann.",
)

AGREED = (
    "Nächster Schritt: {plan}",
    "Verabredet: {plan}",
    "Als Nächstes: {plan}",
    "Vorgenommen: {plan}",
)

RESOURCES = (
    "Verlässlich ist der Donnerstagskreis im Stadtteiltreff, dort hilft man sich gegenseitig.",
    "In der Familie gibt es jemanden, der beim Schreiben hilft.",
    "Im Haus wohnen mehrere Leute, die früh zur Arbeit fahren und mitnehmen würden.",
    "Die Bücherei ist ein guter Ort zum Arbeiten: warm, ruhig, mit Drucker.",
    "Der Sportverein ist seit Jahren ein fester Halt, dort kennt man viele Betriebe.",
    "Ein eigener Rechner und ein Drucker sind vorhanden.",
    "Gute Ortskenntnis, auch auf den Dörfern.",
    "Die Nachbarschaft hält zusammen, auch kurzfristig.",
    "Freitags gibt es im Mehrgenerationenhaus einen Tisch, an dem man sich Formulare erklären lässt.",
    "Mehrere Sprachen, die im Alltag sicher gesprochen werden.",
    "Ein großer Bekanntenkreis, der von freien Stellen oft zuerst hört.",
    "Die Freude daran, etwas zu Ende zu bringen.",
)

LOOKED = (
    "Eine kleine Karte gezeichnet: wer im Umfeld wobei helfen kann.",
    "Überlegt, was in den letzten Wochen gut gelungen ist und woran das lag.",
    "Die nächsten vier Wochen auf einem Blatt geplant, mit Platz für Unvorhergesehenes.",
    "Gesprochen über Wege und Zeiten: was passt morgens, was passt nachmittags.",
    "Erst soll versucht werden, was mit eigenen Mitteln und den eigenen Leuten geht.",
    "Auf Nachfrage zwei Angebote beschrieben, mit Ort, Dauer und Inhalt. Ob eines passt, entscheidet {name}.",
    "Die Unterlagen durchgesehen und geordnet; doppelte Blätter wieder mitgegeben.",
    "Besprochen, woran man merken wird, dass der nächste Schritt gelungen ist.",
    "Gefragt, was wir hier anders machen sollen. Gewünscht: weniger Papier, lieber ein Anruf.",
    "Nachgesehen, was seit dem letzten Mal erledigt ist; es war mehr als gedacht.",
    "Über den Alltag gesprochen, soweit er für die Arbeit wichtig ist.",
    "Eine Frage zum Bescheid an die Leistungsstelle weitergegeben; von dort kommt eine Antwort.",
)

EXTRAS = (
    "Eine Kopie der Verabredung wurde mitgegeben.",
    "Fahrkarten werden gesammelt und beim nächsten Mal vorgelegt.",
    "Ein Anruf ist jederzeit möglich, am besten vor neun Uhr.",
    "Die Rückmeldung kommt lieber per E-Mail als per Brief.",
    "{name} bringt zum nächsten Mal eigene Notizen mit.",
)

CLOSINGS = {
    "appointment": (
        "Folgetermin am {tag} um {zeit} Uhr, {ort}.",
        "Wir sehen uns am {tag} um {zeit} Uhr wieder ({ort}).",
        "Nächster gemeinsamer Termin: {tag}, {zeit} Uhr, {ort}.",
    ),
    "phone": (
        "Nächstes Gespräch am Telefon: {tag}, {zeit} Uhr.",
        "Verabredet zum Telefonieren am {tag} um {zeit} Uhr.",
    ),
    "reminder": (
        "Am {tag} sehe ich wieder nach.",
        "Wiedervorlage am {tag}.",
        "Bis {tag} bleibt Zeit dafür, dann frage ich nach.",
    ),
}

CONFIRMED = (
    "Zwischendurch gemeldet: alles läuft wie besprochen. {closing}",
    "Kurze Rückfrage zum Weg, beantwortet. {closing}",
    "{name} wollte wissen, was mitzubringen ist; durchgesagt. {closing}",
    "Gute Nachricht vorab: {result} {closing}",
    "Eine Unterlage wurde nachgereicht. {closing}",
)
STANDS = "Es bleibt bei {tag}{zeit}."

MISSED = {
    MissedHow.NO_SHOW: (
        "",
        "",
        "Zum Termin niemand angetroffen; eine Nachricht mit der Bitte um Rückruf ist hinterlassen.",
        "Zur vereinbarten Zeit kam niemand. Ein neuer Vorschlag ist unterwegs.",
    ),
    MissedHow.CANCELLED: (
        "",
        "{name} hat vorher angerufen und um einen anderen Tag gebeten.",
        "Absage per E-Mail am Vortag, mit zwei Vorschlägen für einen neuen Termin.",
    ),
    MissedHow.CANCELLED_BY_US: (
        "",
        "Der Termin musste von unserer Seite verlegt werden; {name} weiß Bescheid.",
        "Wegen einer Besprechung im Haus abgesagt und gleich neu verabredet.",
    ),
}
AGAIN = (
    "Nachholen: {subject}",
    "Neuer Anlauf: {subject}",
)

FINAL = {
    ClosingReason.INDEPENDENT: (
        "Die Arbeit hat begonnen und trägt: {work}. Leistungen werden nicht mehr gebraucht.",
        "{name} arbeitet jetzt und kommt ohne Leistungen aus: {work}.",
        "Der Vertrag ist unterschrieben: {work}. Damit ist das Ziel erreicht, das am Anfang stand.",
    ),
    ClosingReason.MOVED: (
        "{name} zieht zum Monatsende um und hat die neue Anschrift selbst gemeldet.",
        "Umzug in einen anderen Landkreis; dort ist ein erstes Gespräch schon verabredet.",
    ),
    ClosingReason.OTHER: (
        "{name} möchte die Zusammenarbeit zum Monatsende abschließen; die Gründe liegen im Privaten.",
        "Ab dem nächsten Monat ist eine andere Stelle zuständig; {name} ist dort schon bekannt.",
    ),
}
FAREWELL = (
    "Zum Abschied zurückgeschaut: was hat geholfen? Genannt wurden die eigenen Leute und die kleinen Schritte.",
    "Vereinbart, dass ein Anruf genügt, wenn wieder etwas gebraucht wird.",
    "Alles Gute gewünscht; die Unterlagen wurden vollständig zurückgegeben.",
)

CLOSURES = {
    ClosingReason.INDEPENDENT: (
        "Arbeit aufgenommen, Leistungen werden nicht mehr bezogen.",
        "Mitteilung der Leistungsstelle: kein Bezug mehr seit dem Ersten des Monats.",
        "",
    ),
    ClosingReason.MOVED: ("Umzug, neue Anschrift liegt im führenden Verfahren vor.", ""),
    ClosingReason.OTHER: ("Eine andere Stelle ist jetzt zuständig.", ""),
    ClosingReason.DECEASED: ("",),
}

HANDOVERS = (
    "Übergabe nach neuer Verteilung im Team. Das Nächste steht in der Wiedervorlage; die Person weiß Bescheid.",
    "Wechsel der Zuständigkeit. Gemeinsames Gespräch zum Kennenlernen hat am Telefon stattgefunden.",
    "Übernommen wegen Wechsels der Aufgaben im Team. Wichtig: Rückmeldung bitte am Vormittag.",
    "Fallübergabe. Der vereinbarte Schritt gilt weiter, alle Unterlagen liegen in der Akte.",
)

POSTPONED = (
    "",
    "",
    "auf Wunsch der Person",
    "Betrieb hat um etwas Zeit gebeten",
    "Unterlagen sind noch unterwegs",
    "Terminüberschneidung im Haus",
    "Probetage liegen in dieser Woche",
)

FILE_NOTES = (
    "Schreiben von {betrieb} ist eingegangen: Bestätigung der Probetage. Liegt in der Akte.",
    "Anruf um {uhr} Uhr nicht angenommen, keine Nachricht hinterlassen.",
    "Rückruf versucht, besetzt. Neuer Versuch morgen.",
    "Bescheinigung für die Bewerbung bei {betrieb} ausgestellt und in die Post gegeben.",
    "Kopie des Zeugnisses eingegangen, Original ging zurück.",
    "Fahrtkosten zur Probearbeit bei {betrieb2}: Beleg an die Leistungsstelle weitergegeben.",
    "Neue Telefonnummer aus dem führenden Verfahren übernommen.",
    "Informationen zu Abendkursen bei {traeger} herausgesucht und für das nächste Gespräch bereitgelegt.",
    "Post mit falscher Hausnummer kam zurück; Anschrift wird beim nächsten Gespräch erfragt.",
    "Anfrage einer Kollegin zur Zuständigkeit beantwortet.",
)
FILE_NOTES_AFTER = (
    "Karte mit Grüßen vom neuen Arbeitsplatz ist angekommen.",
    "Unterlagen auf Wunsch noch einmal als Kopie zugeschickt.",
    "Rückfrage einer anderen Stelle zum Abschluss beantwortet, ohne Angaben aus den Gesprächen.",
)

ADDENDA = (
    ("Datum verwechselt", "Der Probetag war am Dienstag, nicht am Mittwoch."),
    ("Ergänzung nach Rückruf", "Nachgetragen: Die Unterlagen sollen an die zweite Anschrift gehen."),
    ("Auf Wunsch der Person", "Der Satz zu den Arbeitszeiten soll lauten: vormittags, an höchstens vier Tagen."),
    ("Name des Betriebs berichtigt", "Gemeint war {betrieb2}, die Zweigstelle in der Nähe des Bahnhofs."),
    ("Ergänzung", "Eine Begleitperson war in der zweiten Hälfte des Gesprächs dabei."),
)

OTHER_CHECKS = (
    "Fahrkarten abgerechnet?",
    "Unterlagen vollständig?",
    "Rückmeldung der Leistungsstelle da?",
    "Neue Telefonnummer erfragen",
    "Kopie der Verabredung zugeschickt?",
    "Beginn des Kurses: Termin bekannt?",
    "Bescheinigung abgeholt?",
    "Zeugnis im Original zurückgeben",
)

NEIGHBOURS = (
    ("eine Bekannte", "einer Bekannten"),
    ("ein früherer Kollege", "einem früheren Kollegen"),
    ("eine frühere Kollegin", "einer früheren Kollegin"),
    ("eine Nachbarin", "einer Nachbarin"),
    ("ein Nachbar", "einem Nachbarn"),
    ("jemand aus dem Verein", "jemandem aus dem Verein"),
    ("jemand aus der Familie", "jemandem aus der Familie"),
)
DAYS = ("Dienstag", "Mittwoch", "Donnerstag", "Freitag", "nächste Woche", "Ende des Monats")
NEEDS = (
    "Bitte Termine nicht vor 9 Uhr",
    "Sprachmittlung Arabisch gewünscht",
    "Sprachmittlung Ukrainisch gewünscht",
    "Sprachmittlung Türkisch gewünscht",
    "Bitte große Schrift in Briefen",
    "Raum im Erdgeschoss gewünscht",
    "Bitte vorher per E-Mail erinnern",
    "Termine am liebsten dienstags",
)
