"""What offers of every kind say, and what people add to an Absicht. Written for this project."""

HOUSES = (
    "Kastanienhof", "Windrose", "Am Wehr", "Brückenbogen", "Leuchtturm", "Weidenblick", "Sternwiese", "Feldmark",
    "Rotdorn", "Kornspeicher", "Fährhaus", "Lindenbogen", "Harzrand", "Auetal", "Ziegelhof", "Mühlengrund",
    "Dreiquellen", "Westertor", "Gipsberg", "Rapsfeld", "Hollerhof", "Seeblick", "Tannengrund", "Ostertor",
    "Apfelring", "Sösegrund", "Leinebogen", "Kirschberg", "Steinbruch", "Alte Post",
)  # fmt: skip
FIRMS = ("Bildungswerk", "Werkhof", "Lernhaus", "Beratungshaus", "Akademie", "Genossenschaft", "Verein")
ABOUT = (
    "Gegründet von Leuten aus dem Ort, heute zwölf Fachkräfte und viele Freiwillige.",
    "Werkstätten und Unterrichtsräume unter einem Dach, Küche im Erdgeschoss.",
    "Arbeitet seit vielen Jahren mit Betrieben der Gegend zusammen.",
    "Kleines Haus mit festen Ansprechpersonen; wer anruft, spricht mit jemandem, der Bescheid weiß.",
    "Unterricht in kleinen Gruppen, Praxis in Betrieben, die man zu Fuß erreicht.",
    "Sprachen, Technik und Handwerk; die Räume sind auch am Abend offen.",
)
STREETS = ("Lindenweg", "Am Markt", "Bahnhofstraße", "Mühlenstraße", "Steinweg", "Am Hang", "Gartenstraße")
TOWNS = {
    "Göttingen-Stadt": "Göttingen",
    "Göttingen-Land": "Rosdorf",
    "Hann. Münden": "Hann. Münden",
    "Duderstadt": "Duderstadt",
    "Osterode": "Osterode",
}
WAYS = (
    "Bus {linie} bis vor die Tür.",
    "Vom Bahnhof zehn Minuten zu Fuß.",
    "Haltestelle Markt, dann durch den Hof.",
    "Parkplätze sind da, der Bus {linie} hält um die Ecke.",
    "Mit dem Rad gut zu erreichen, überdachter Stellplatz.",
)
ROLES = ("leitet das Angebot", "Anmeldung", "Werkstattleitung", "Sozialberatung", "Kursleitung")
ACCESS = (
    "Ebenerdig, Toilette für Rollstühle, Pausenraum mit Ruhe.",
    "Aufzug bis in den zweiten Stock; die Werkstatt liegt im Erdgeschoss.",
    "Eine Stufe am Eingang, Rampe wird angelegt. Unterlagen gibt es in großer Schrift.",
    "Aufzug, Induktionsschleife im Unterrichtsraum; Gebärdensprache nach Absprache.",
    "Ebenerdig. Wer Pausen braucht, macht sie, wann es nötig ist.",
)
REQUIREMENTS = (
    "Sie erhalten Leistungen vom Jobcenter. Mehr verlangt das Gesetz nicht.",
    "Das Jobcenter stimmt vorher zu; ein Antrag ist nicht nötig.",
    "Vor dem Beginn braucht es einen Bescheid des Kostenträgers.",
    "Leistungen nach dem SGB II; die Zustimmung wird gemeinsam eingeholt.",
)
JOINING = (
    "Ein Gespräch vor Ort, danach zwei Tage zum Anschauen. Dann entscheiden Sie.",
    "Anruf bei der Ansprechperson; der erste Termin ist meist in derselben Woche.",
    "Die IFK meldet Sie an, wenn Sie das möchten. Vorher können Sie hineinschauen.",
    "Offener Nachmittag am ersten Mittwoch im Monat, danach Absprache des Beginns.",
)
STARTS = ("Jeden Montag", "Am Anfang jedes Monats", "Viermal im Jahr, der nächste Beginn wird telefonisch genannt", "")
NOTICES = (
    "Im August ist das Haus drei Wochen geschlossen.",
    "Der Eingang ist wegen einer Baustelle im Hof.",
    "Neue Telefonnummer seit dem letzten Monat.",
    "Der Unterricht findet bis auf Weiteres im Nachbarhaus statt.",
)
NOT_NOW = "Zurzeit fehlt eine Lehrkraft; der Träger meldet, wenn es weitergeht."
REMARKS = (
    "Der Bus fährt nur noch bis 17 Uhr. Das sollte im Angebot stehen.",
    "Die Telefonnummer stimmt nicht mehr, dort geht niemand dran.",
    "Laut Träger dauert es jetzt vier Wochen länger.",
    "Es wurde gefragt, ob auch Vormittage möglich sind. Das steht nicht dabei.",
    "Der Raum ist über eine Treppe zu erreichen, im Text steht ebenerdig.",
    "Auf der Seite des Trägers steht ein anderer Beginn.",
)
REMARK_ANSWERS = ("Ist berichtigt, danke.", "Mit dem Träger geklärt, steht in der neuen Fassung.", "")
REVIEW_NOTE = "Bei der gewöhnlichen Woche fehlen die Uhrzeiten. Was ist mitzubringen?"

# What people add: why now, and by what they will know.
WHY = (
    "Zu Hause komme ich damit nicht weiter.",
    "Ich habe zwei Jahre nichts in der Art gemacht.",
    "{bekannt} hat es mir erzählt, ich will es selbst sehen.",
    "Bei {betrieb} haben sie gefragt, ob ich so etwas vorweisen kann.",
    "Allein habe ich es dreimal angefangen und wieder gelassen.",
    "Ich brauche jemanden, der mir sagt, ob es gut ist.",
    "Bisher weiß ich nur, was ich nicht will.",
    "Der Weg ist kurz, das gibt den Ausschlag.",
    "Die Zeiten passen zu dem, was ich sonst am Hals habe.",
    "Ich habe es mir angesehen und mit zwei Leuten dort gesprochen.",
    "Ich will es vor dem Winter geschafft haben.",
    "In der Familie hat das noch niemand gemacht, ich fange damit an.",
    "Wenn ich es jetzt nicht mache, mache ich es gar nicht.",
    "Mein alter Betrieb hat zugemacht, ich muss neu anfangen.",
    "Ich traue mir mehr zu, wenn ich es einmal gemacht habe.",
    "Ich kann besser lernen, wenn ich etwas in der Hand habe.",
    "Bis {tag} will ich wissen, ob es der richtige Weg ist.",
    "Es gehört zu dem, was wir als Ziel aufgeschrieben haben.",
)
SIGNS = (
    "Ich merke es daran, dass ich auch am Freitag noch hingehe.",
    "Gut war es, wenn ich danach drei Betriebe anrufe.",
    "Wenn ich am Ende sagen kann, ja oder nein, dann hat es sich gelohnt.",
    "Ich will am Ende etwas zeigen können.",
    "Danach will ich zu {betrieb} gehen.",
    "Nach vier Wochen rede ich darüber, ob es das Richtige ist.",
    "Wenn ich nicht mehr nachfragen muss, habe ich es gelernt.",
    "Ich schreibe mir jede Woche auf, was neu war.",
    "{bekannt} soll merken, dass ich ausgeglichener bin.",
    "Hinterher will ich wissen, was der nächste Schritt ist.",
    "",
    "",
)
LATER = (
    "Inzwischen geht es mir vor allem darum, dranzubleiben.",
    "Es hat sich verschoben: Ich will jetzt vor allem die Leute dort kennenlernen.",
    "Dazu kommt, dass ich den Nachweis am Ende haben will.",
    "Ich will es jetzt in weniger Stunden, aber bis zum Schluss.",
)
PROVIDER_WORDS = (
    "Der Träger sagt: ist pünktlich da und fragt nach.",
    "Der Träger erzählt, dass andere inzwischen um Rat fragen.",
    "Der Träger meint, ein Praktikum sei jetzt der nächste Schritt.",
    "Der Träger sagt, am Anfang sei es still gewesen, dann nicht mehr.",
    "",
)
CONSENT_PURPOSES = (
    "Gespräch zu dritt über die Zeit beim Träger und was danach kommt",
    "Der Träger darf sagen, wann das Angebot beginnt und wann es endet.",
    "Absprache der Zeiten, damit die Kinderbetreuung passt",
    "Austausch darüber, was für den nächsten Schritt noch gebraucht wird",
)
DEMANDS = (
    "Deutsch am Abend mit Kinderbetreuung im selben Haus",
    "Ein Führerschein, der auch auf dem Land erreichbar ist",
    "Ein Praktikum im Büro mit nur zehn Stunden in der Woche",
    "Ein Kurs für Tabellen am Vormittag, ohne Prüfung",
    "Eine Werkstatt, die auch im August offen ist",
    "Jemand, der beim ersten Arbeitstag mitgeht",
    "Schweißen lernen, ohne dafür nach Kassel zu fahren",
    "Ein Kochkurs mit Zeugnis für die Belehrung",
    "Üben für das Vorstellungsgespräch am Telefon",
    "Nähen und Ändern als Einstieg in eine Schneiderei",
    "Ein Gabelstaplerschein am Wochenende",
    "Unterricht im Lesen und Schreiben in kleiner Runde",
    "Ein Praktikum in einer Tierarztpraxis oder einem Tierheim",
    "Hilfe beim Anmelden eines kleinen Gewerbes",
    "Schwimmen lernen, weil der Beruf es verlangt",
    "Eine Fahrgemeinschaft für die Frühschicht im Gewerbegebiet",
    "Programmieren für Leute, die noch nie programmiert haben",
    "Ein Ort, an dem man in Ruhe Bewerbungen schreiben und drucken kann",
    "Kinderbetreuung bis 18 Uhr in Duderstadt",
    "Ein Kurs zum Reparieren von Fahrrädern mit Bescheinigung",
)
REPLIES = (
    (0, "Deutsch am Abend mit Kinderbetreuung", "Seit dem Frühjahr gibt es einen Abendkurs mit Spielzimmer nebenan."),
    (3, "Tabellen ohne Prüfung", "Der offene Rechnertreff nimmt das Thema am Dienstagvormittag auf."),
    (6, "Schweißen in der Nähe", "Zwei Träger wurden gefragt; bis zum Herbst gibt es eine Antwort."),
    (12, "Arbeit mit Tieren", "Dazu hat sich noch kein Betrieb gefunden. Wir suchen weiter."),
)
GROUP_SUBJECTS = (
    "Kennenlernen und was wir können",
    "Was ich will und woran ich es merke",
    "Wer in der Gegend sucht",
    "Lebensläufe lesen und schreiben",
    "Betriebe anrufen",
    "Vorstellungsgespräche üben",
    "Besuch in einem Betrieb",
    "Rückblick auf die Woche",
)
