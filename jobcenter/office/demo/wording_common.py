"""Sentences of agreements that fit every topic: rhythms, resources, further steps, their outcomes; other scripts."""

REVIEW = "Gemeinsam auf die Vereinbarung schauen"

# The rhythm in free text, by how many working days lie between two contacts (R4.3-2).
RHYTHMS = {
    22: (
        "alle 3 Wochen",
        "alle 14 Tage",
        "alle zwei bis drei Wochen",
        "jeden zweiten Dienstag",
        "alle 3 Wochen, gern vormittags",
    ),
    34: (
        "alle 4 Wochen",
        "einmal im Monat",
        "alle fünf Wochen",
        "jeden ersten Mittwoch im Monat",
        "einmal im Monat am Telefon",
    ),
    55: ("alle 8 Wochen", "alle zwei Monate", "alle 6 bis 8 Wochen", "alle zwei Monate, dazwischen eine E-Mail"),
    999: ("einmal im Vierteljahr", "alle 3 Monate", "einmal im Quartal, dazwischen am Telefon", "alle 12 Wochen"),
}
RHYTHMS_BY_EVENT = (
    "nach dem Praktikum",
    "nach dem Probetag bei {betrieb}",
    "sobald die Antwort von {betrieb2} da ist, spätestens nach 6 Wochen",
    "nach dem Kursbeginn, dann einmal im Monat",
    "wenn der Vertrag da ist, sonst alle 4 Wochen",
    "jeweils nach einem Vorstellungsgespräch",
)

# What a goal has to do with work, whatever the work is.
LINKS = (
    "{betrieb} stellt ein, und ich will dort nicht unvorbereitet ankommen.",
    "Wenn {betrieb} mich einmal gesehen hat, reden wir über eine Stelle.",
    "Bei {betrieb2} ist in absehbarer Zeit etwas frei. Bis dahin will ich so weit sein.",
    "Hier in {ort} gibt es die Arbeit, und ich kann ohne Auto hinkommen.",
    "Das ist der Schritt, der mir bis zur Unterschrift noch fehlt.",
    "{bekannt} hat es so gemacht und arbeitet jetzt. Das will ich auch.",
    "Es geht um eine Stelle bei {betrieb2}, mit der ich ohne Leistungen auskomme.",
    "Damit kann ich bei {betrieb} nach einem Vertrag fragen und nicht nur nach Aushilfe.",
    "Arbeit habe ich damit noch nicht, aber {betrieb} und {betrieb2} kennen dann meinen Namen.",
    "Das brauche ich, um mich überhaupt bewerben zu können.",
)
WILLS = (
    "Ich will bei {betrieb} anfangen, das ist mir jetzt klar geworden.",
    "Ich will selbst bei {betrieb2} anrufen und nicht mehr warten.",
    "Ich will etwas in {ort} finden, das bleibt.",
    "Ich will den Vertrag unterschreiben, bevor das Jahr zu Ende ist.",
    "Ich will mit {bekannt_dat} zusammen hinfahren und es mir ansehen.",
    "Ich will es noch einmal versuchen, diesmal mit weniger Stunden am Anfang.",
)

CLIENT_STEPS = (
    "Ruft an, sobald sich etwas ändert, und spricht notfalls auf das Band.",
    "Schreibt bis zum nächsten Mal auf, was gut gelaufen ist.",
    "Bringt die Antwortschreiben zum nächsten Gespräch mit.",
    "Fragt im eigenen Umfeld drei Leute nach freien Stellen.",
    "Spricht {bekannt_dat} an und fragt nach einem Tag zum Mitgehen.",
    "Sieht sich in der Bücherei zwei Stellenanzeigen an und streicht an, was passt.",
    "Übt das Gespräch einmal mit {bekannt_dat}.",
    "Sucht das letzte Arbeitszeugnis heraus.",
    "Fährt die Strecke zu {betrieb} einmal zur Probe ab.",
    "Legt eine Liste an: wann beworben, bei wem, welche Antwort.",
)
JOBCENTER_STEPS = (
    "Schickt die Adresse und die Abfahrtszeiten per E-Mail.",
    "Klärt mit der Leistungsstelle, wie der erste Lohn angerechnet wird.",
    "Fragt nach, ob die Fahrkarte zum Vorstellungsgespräch übernommen wird.",
    "Hält beim nächsten Gespräch eine Stunde für die Unterlagen frei.",
    "Druckt die Bewerbung aus und legt eine feste Mappe bereit.",
    "Ruft bei {betrieb} an und stellt den Kontakt her.",
    "Sucht drei Stellen heraus, die zum Weg und zu den Zeiten passen.",
    "Beschreibt auf Wunsch zwei Angebote, mit Ort, Dauer und Inhalt.",
    "Gibt die Bescheinigung für die Bewerbung mit.",
    "Ist am Tag vor der Probe telefonisch erreichbar.",
)
OTHER_STEPS = (
    ("{traeger}", "Schickt die Beschreibung des Kurses mit den Zeiten."),
    ("{traeger}", "Hält einen Platz bis zur nächsten Rücksprache frei."),
    ("{betrieb2}", "Antwortet auf die Bewerbung."),
    ("Volkshochschule", "Schickt den Kursplan zu."),
    ("Stadtbücherei", "Reserviert einen Platz am Rechner."),
    ("Familie", "Übernimmt an zwei Nachmittagen das Abholen."),
)

DONE = ("", "", "Ist erledigt.", "War schon nach einer Woche geschafft.", "Hat gut geklappt.", "Liegt vor.")
DIFFERENT = (
    "{betrieb} hatte gerade keine Zeit; es wurde ein Besuch bei {betrieb2} daraus.",
    "Statt anzurufen gleich hingegangen, das war der bessere Weg.",
    "Zu der Zeit war dort niemand da; verabredet ist jetzt die Woche danach.",
    "Anders gelöst: {bekannt} hat geholfen.",
    "Der Betrieb wollte lieber eine E-Mail, die ist geschrieben.",
    "Es ist ein ganzer Tag daraus geworden statt einer Stunde.",
    "Die Unterlagen sind per Post gegangen, weil der Drucker nicht ging.",
    "Die Auskunft kam von anderer Stelle und ist trotzdem gut.",
    "Erst einmal verschoben, weil das Praktikum früher beginnt.",
)
# Of whatever step, whoever had it.
DIFFERENT_ANYHOW = (
    "Hat eine Woche länger gedauert als gedacht.",
    "Ging dann doch am Telefon.",
    "Ist zur Hälfte geschafft, der Rest steht in der neuen Fassung.",
    "Wir haben es gemeinsam gemacht statt getrennt.",
    "Kam per Post, nicht per E-Mail, und ist angekommen.",
    "Jemand anders hat es übernommen.",
    "Es brauchte zwei Anläufe, jetzt ist es gut.",
    "Ein anderer Weg war kürzer; das Ergebnis ist dasselbe.",
    "Wurde verschoben, ein neuer Tag ist besprochen.",
    "Es kam eine Absage, dafür gibt es einen neuen Vorschlag.",
)
OBSOLETE = (
    "",
    "Wird nicht mehr gebraucht, {betrieb2} hat zugesagt.",
    "Passt nicht mehr zum Ziel.",
    "Der Laden hat geschlossen.",
    "Ist durch die Probetage überholt.",
)

LIFE_IDEAS = (
    "In zwei Jahren eine Wohnung mit Balkon, nah an der Arbeit.",
    "Dass die Kinder mich morgens aus dem Haus gehen sehen.",
    "Ein ruhiger Alltag, feste Zeiten und Platz für den Garten.",
    "Hier im Ort bleiben, wo die Familie ist.",
    "Etwas Eigenes aufbauen, klein und gut.",
    "Einmal im Jahr ans Meer, vom eigenen Geld.",
    "Abends zufrieden sein mit dem, was fertig geworden ist.",
    "Mit Leuten arbeiten, die man gern trifft.",
)

# What people name beside their topic: (field, sentence); the fields are those of the reference data.
RESOURCES = (
    ("persönlich", "Ich kann gut zuhören."),
    ("persönlich", "Ich lerne schnell, wenn es mir jemand zeigt."),
    ("persönlich", "Ich bin morgens gut zu gebrauchen."),
    ("persönlich", "Ich spreche drei Sprachen."),
    ("persönlich", "Ich kann warten, ohne nervös zu werden."),
    ("persönlich", "Was ich anfange, mache ich fertig."),
    ("persönlich", "Ich frage nach, wenn ich etwas nicht verstehe."),
    ("persönlich", "Humor hilft mir durch lange Tage."),
    ("persönlich", "Ich kann gut mit Zahlen."),
    ("persönlich", "Ich bringe Leute zusammen."),
    ("persönlich", "Ich halte Ordnung, auch wenn es eng ist."),
    ("persönlich", "Ich habe schon einmal von vorn angefangen und weiß, wie das geht."),
    ("sozial", "Meine Schwester passt auf die Kinder auf."),
    ("sozial", "Die Nachbarn nehmen Pakete an und fahren mich zur Not."),
    ("sozial", "Ein Freund hat eine Werkstatt."),
    ("sozial", "Meine Tante hilft bei Briefen."),
    ("sozial", "Im Chor kennt jede jemanden, der jemanden kennt."),
    ("sozial", "Mein früherer Chef gibt Auskunft über mich."),
    ("sozial", "Mit zwei Leuten aus dem Kurs lerne ich weiter."),
    ("sozial", "Die Familie hält zusammen, auch über hundert Kilometer."),
    ("sozial", "Der Trainer meines Sohnes kennt viele Betriebe."),
    ("sozial", "Eine Freundin übt mit mir Vorstellungsgespräche."),
    ("materiell", "Ein Fahrrad, das fährt."),
    ("materiell", "Führerschein und ein altes Auto."),
    ("materiell", "Ein Rechner mit Drucker."),
    ("materiell", "Ein Zimmer, in dem ich in Ruhe lernen kann."),
    ("materiell", "Ein Telefon mit genug Guthaben."),
    ("materiell", "Die Monatskarte läuft noch bis zum Herbst."),
    ("materiell", "Arbeitskleidung vom letzten Mal."),
    ("materiell", "Alle Zeugnisse liegen geordnet in einer Mappe."),
    ("materiell", "Etwas Erspartes für die erste Zeit."),
    ("", "Donnerstags habe ich den ganzen Tag Zeit."),
    ("", "Die Ferienarbeit vom letzten Jahr, dort war man zufrieden mit mir."),
    ("", "Ich weiß jetzt, was ich nicht mehr will."),
    ("", "Zwei Jahre Erfahrung im Verein, an der Kasse."),
    ("", "Der Hund: Mit ihm komme ich mit allen ins Gespräch."),
)

# What is drawn from a place, by its kind (places.KINDS).
PLACE_RESOURCES = {
    "treff": (
        "Im Stadtteiltreff kennt man mich, dort frühstücke ich dienstags.",
        "Der freie Raum im Stadtteiltreff ist gut zum Schreiben.",
        "Beim Kochen am Mittwoch höre ich von Stellen.",
    ),
    "mgh": (
        "Im Mehrgenerationenhaus hilft freitags jemand bei Formularen.",
        "Mittwochs im Mehrgenerationenhaus frische ich das Rechnen auf.",
        "Im Mehrgenerationenhaus bin ich als Vorlesepatin dabei.",
    ),
    "buecherei": (
        "In der Bücherei habe ich Ruhe und einen Drucker.",
        "Der Ausweis der Bücherei gilt, ich leihe Bücher zum Beruf.",
        "Dienstags mache ich in der Bücherei den Kurs am Rechner.",
    ),
    "werkstatt": (
        "In der offenen Werkstatt darf ich an die Maschinen.",
        "Donnerstags arbeite ich in der offenen Werkstatt an eigenen Stücken.",
    ),
    "repcafe": (
        "Im Reparaturcafé lerne ich von den Älteren.",
        "Mein Rad repariere ich im Reparaturcafé selbst.",
    ),
    "sozialkaufhaus": (
        "Im Sozialkaufhaus gibt es gute Arbeitskleidung.",
        "Im Sozialkaufhaus helfe ich freitags an der Kasse.",
    ),
    "sport": (
        "Im Sportverein trainiere ich zweimal in der Woche, das hält mich fit.",
        "Im Sportverein sind viele, die selbst einen Betrieb haben.",
        "Der Verein bezahlt mir einen Übungsleiterschein.",
    ),
    "sprachcafe": (
        "Donnerstags im Sprachcafé spreche ich zwei Stunden nur Deutsch.",
        "Aus dem Sprachcafé habe ich eine Lernpartnerin.",
    ),
    "nachbar": (
        "Die Nachbarschaftshilfe fährt mich, wenn kein Bus geht.",
        "Bei der Nachbarschaftshilfe kaufe ich für zwei Leute ein.",
    ),
    "familie": (
        "Die Elterngruppe im Familienzentrum trifft sich montags.",
        "Im Familienzentrum essen wir mittags, das spart Zeit.",
    ),
    "garten": (
        "Im Gemeinschaftsgarten habe ich ein eigenes Beet.",
        "Der Kleingartenverein leiht mir den Häcksler.",
    ),
    "beratung": (
        "In der Sprechstunde der Beratungsstelle lasse ich mir Briefe erklären.",
        "Die Beratungsstelle rechnet mit mir durch, was vom Lohn bleibt.",
    ),
}

# In the words of the person, as they were said and written down: nothing of it is translated here.
UKRAINIAN = {
    "ziel": [
        "До весни я працюю два ранки на тиждень у {betrieb}.",
        "Мої документи перекладені, і я знаю, де їх визнають.",
        "Я самостійно веду телефонну розмову німецькою.",
    ],
    "bezug": [
        "На роботі я вчу мову швидше, а з визнаним дипломом можу працювати за фахом.",
        "Без телефонної розмови немає співбесіди, тому я починаю з цього.",
    ],
    "wille": [
        "Я хочу знову працювати за своєю професією, а не тільки чекати.",
        "Я хочу працювати зранку і вчитися ввечері, доки не складу іспит.",
    ],
    "tut": [
        "Щодня розмовляю німецькою із сусідками і записую нові слова.",
        "По четвергах ходжу до мовного кафе і вже маю двох партнерок для навчання.",
    ],
    "schritt": [
        "Телефоную до {betrieb} і питаю про два дні на пробу.",
        "Приношу дипломи та переклади на наступну розмову.",
        "Щочетверга ходжу до мовного кафе.",
    ],
    "ressource": [
        "Моя сестра забирає дітей зі школи.",
        "Диплом і десять років досвіду.",
        "Сусідка допомагає з листами.",
        "Я швидко вчуся і не боюся питати.",
    ],
}
ARABIC = {
    "ziel": [
        "أعمل صباحين في الأسبوع لدى {betrieb} قبل الصيف.",
        "شهاداتي مترجمة وأعرف أين أقدّم طلب الاعتراف بها.",
        "أجري مكالمة هاتفية بالألمانية وحدي.",
    ],
    "bezug": [
        "في العمل أتعلم اللغة أسرع، ومع الشهادة المعترف بها أستطيع أن أعمل في مهنتي.",
        "صاحب العمل يريد أن يراني أعمل قبل أن يوقّع العقد.",
    ],
    "wille": [
        "أريد أن أعمل في مهنتي من جديد، وليس فقط أن أنتظر.",
        "أريد أن أعمل صباحًا وأتعلم مساءً حتى أنجح في الامتحان.",
    ],
    "tut": [
        "أتكلم الألمانية كل يوم مع الجيران وأكتب الكلمات الجديدة في دفتر.",
        "أذهب كل خميس إلى مقهى اللغة.",
    ],
    "schritt": [
        "أتصل بـ {betrieb} وأسأل عن يومين للتجربة.",
        "أُحضر الشهادات والترجمات إلى الموعد القادم.",
        "أذهب كل خميس إلى مقهى اللغة.",
    ],
    "ressource": [
        "أخي يعمل هنا ويعرف أصحاب الورش.",
        "خبرة عشر سنوات في المهنة.",
        "جارتي تساعدني في كتابة الرسائل.",
        "دراجة جيدة ووقت كل صباح.",
    ],
}

MONTHS = (
    "Ende Januar",
    "Ende Februar",
    "Ende März",
    "Ostern",
    "Ende Mai",
    "zum Sommer",
    "zu den Sommerferien",
    "Ende August",
    "zum Herbst",
    "Ende Oktober",
    "Ende November",
    "Weihnachten",
)
