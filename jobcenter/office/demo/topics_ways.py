"""Topics of conversations, third part: training, own business, language, family, cleaning. Written for this project."""

TOPICS = """
thema: Ausbildung finden
betriebe: Elektro Funkenschlag / Malerbetrieb Farbklecks / Metallbau Amboss
arbeit: Ausbildung im Elektrohandwerk / Ausbildung im Malerhandwerk
will: „Ich will eine Ausbildung, bei der ich abends müde und stolz bin.“
will: „In diesem Sommer möchte ich anfangen. Noch ein Jahr warten will ich nicht.“
will: „Ich möchte erst zwei Berufe ausprobieren und mich dann entscheiden. Aber entscheiden will ich mich.“
tut: Hat in den Ferien zwei Wochen bei {betrieb} mitgearbeitet, ohne dass es jemand vorgeschlagen hat.
tut: Sieht sich abends Filme über Berufe an und führt dazu eine Liste mit Plus und Minus.
tut: Hat sich selbst bei der Berufsberatung angemeldet und war pünktlich dort.
kann: Packt an, fragt nach und kommt lieber zehn Minuten zu früh.
kann: In der Feuerwehr gibt es mehrere Leute mit eigenen Betrieben, die ansprechbar sind.
kann: {bekannt} hat früher ausgebildet und hilft bei den Bewerbungen.
kann: Der Moped-Führerschein ist da, damit sind auch die Dörfer erreichbar.
blick: Die Liste der Berufe durchgegangen; übrig bleiben drei, zwei davon handwerklich.
blick: Überlegt, wer in der Feuerwehr welchen Beruf hat, und vier Namen aufgeschrieben.
blick: Besprochen, wie ein Bewerbungsjahr läuft und welche Wochen dafür wichtig sind.
schritt
plan: Spricht am Übungsabend der Feuerwehr zwei Leute an, die ausbilden.
wir: Wir üben vorher, mit welchem Satz das Gespräch beginnen kann.
frage: Feuerwehr: mit wem gesprochen?
termin: Gespräche in der Feuerwehr auswerten
ergebnis: Zwei Gespräche in der Feuerwehr haben stattgefunden; bei {betrieb} darf eine Woche mitgearbeitet werden.
kurz: Gespräch hat stattgefunden, {betrieb} ist offen für eine Probewoche.
schritt
plan: Arbeitet eine Woche bei {betrieb} mit und schreibt jeden Abend zwei Sätze dazu.
wir: Wir melden die Probewoche an und sind erreichbar, wenn etwas unklar ist.
frage: Probewoche bei {betrieb}: wie läuft sie?
termin: Probewoche auswerten
ergebnis: Die Probewoche bei {betrieb} ist um; zehn Sätze, davon sieben begeistert.
kurz: Probewoche läuft gut.
schritt
plan: Schreibt bis {tag} den Lebenslauf neu, mit Feuerwehr und Ferienarbeit.
wir: Wir lesen ihn am Bildschirm gemeinsam durch.
frage: Lebenslauf: neue Fassung fertig?
termin: Lebenslauf gemeinsam fertigstellen
ergebnis: Der Lebenslauf passt jetzt auf eine Seite und beginnt mit dem, was gekonnt wird.
kurz: Neue Fassung des Lebenslaufs ist da.
schritt
plan: Bewirbt sich bei {betrieb2} und ruft drei Tage später dort an.
wir: Wir stellen Drucker und Briefumschläge.
frage: {betrieb2}: Anruf gemacht, was wurde gesagt?
termin: Einstellungstest von {betrieb2} üben
ergebnis: {betrieb2} lädt zum Einstellungstest ein.
kurz: {betrieb2} hat zum Test eingeladen.
schritt
plan: Übt mit {bekannt_dat} Bruchrechnen und Maßeinheiten, zweimal in der Woche.
wir: Wir besorgen ein Heft mit Aufgaben aus Einstellungstests.
frage: Rechnen: wie viele Blätter sind geschafft?
termin: Übungsblätter ansehen
ergebnis: Neun Übungsblätter sind gerechnet; die Brüche gehen jetzt ohne Nachschlagen.
kurz: Übungsblätter sind zur Hälfte gerechnet.

thema: Selbstständigkeit
betriebe: Nähstube Fadenlauf / Fahrradladen Speichenklang / Änderungsatelier Kornblume
arbeit: Selbstständige Tätigkeit, angemeldet als Gewerbe / Mitarbeit in einem Laden, als Schritt zum eigenen
will: „Ich will mein eigenes kleines Geschäft. Den Namen dafür habe ich schon.“
will: „Ich möchte von meinem Handwerk leben und meine Zeit selbst einteilen.“
will: „Erst will ich in einem Laden sehen, wie man rechnet, und dann selbst anfangen.“
tut: Näht auf Bestellung für Leute aus dem Haus und führt ein Heft mit Einnahmen und Ausgaben.
tut: Hat auf dem Flohmarkt einen Stand gehabt und notiert, was sich gut verkauft hat.
tut: War auf eigene Faust beim Gründungstag der Wirtschaftsförderung.
kann: Kann rechnen, verhandeln und hält Zusagen ein.
kann: Im Haus steht ein Raum leer, den die Vermietung günstig abgeben würde.
kann: {bekannt} hat einen Laden und zeigt, wie die Buchführung dort geht.
kann: Maschine, Werkzeug und ein Grundstock an Material sind vorhanden.
blick: Das Heft mit Einnahmen und Ausgaben durchgesehen; drei Dinge tragen sich schon jetzt.
blick: Aufgeschrieben, wer im Viertel als Kundschaft in Frage kommt und wo diese Leute einkaufen.
blick: Besprochen, welche Fragen vor einer Gründung zu beantworten sind und wer dabei berät.
schritt
plan: Schreibt bis {tag} auf zwei Seiten auf, was angeboten wird, für wen und zu welchem Preis.
wir: Wir lesen die zwei Seiten als jemand, der davon noch nichts weiß.
frage: Zwei Seiten zur Idee: geschrieben?
termin: Zwei Seiten zur Idee besprechen
ergebnis: Die zwei Seiten sind geschrieben; Preise und Zeiten sind gut überlegt.
kurz: Zwei Seiten liegen vor.
schritt
plan: Vereinbart ein Gespräch bei der Gründungsberatung der Kammer.
wir: Wir geben Telefonnummer und Sprechzeiten mit.
frage: Gründungsberatung: Gespräch gehabt?
termin: Ergebnis der Gründungsberatung besprechen
ergebnis: Die Gründungsberatung war hilfreich; offen ist noch die Rechnung für das zweite Jahr.
kurz: Gespräch mit der Gründungsberatung ist verabredet.
schritt
plan: Arbeitet drei Samstage bei {betrieb} mit und achtet auf Einkauf und Kasse.
wir: Wir klären, was dabei zu melden ist.
frage: Samstage bei {betrieb}: was war zu lernen?
termin: Erfahrungen bei {betrieb} auswerten
ergebnis: Drei Samstage bei {betrieb} sind vorbei; gelernt wurde vor allem, wie viel Zeit der Einkauf braucht.
kurz: Der erste Samstag war lehrreich.
schritt
plan: Rechnet aus, wie viele Aufträge im Monat nötig sind.
wir: Wir rechnen mit und erklären, was Versicherung und Steuer bedeuten.
frage: Rechnung für das erste Jahr: fertig?
termin: Rechnung für das erste Jahr durchgehen
ergebnis: Die Rechnung für das erste Jahr steht; nötig sind etwa dreißig Aufträge im Monat.
kurz: Rechnung ist fertig.
schritt
plan: Fragt die Vermietung, zu welchen Bedingungen der Raum im Haus zu haben ist.
wir: Wir sehen den Entwurf des Vertrags mit an und nennen Stellen, die dazu beraten.
frage: Raum im Haus: Bedingungen bekannt?
termin: Bedingungen für den Raum besprechen
ergebnis: Der Raum ist für ein Jahr auf Probe zu haben, die Miete ist niedrig.
kurz: Bedingungen für den Raum sind da.

thema: Deutsch lernen
betriebe: Café Morgenröte / Wäscherei Weißer Schwan / Gärtnerei Tulpenfeld
arbeit: Stelle im Service, vormittags / Helfende Tätigkeit in einer Wäscherei
will: „Ich will Deutsch so gut können, dass ich am Telefon keine Angst mehr habe.“
will: „Arbeiten und lernen zugleich, das möchte ich. Nur im Kurs sitzen reicht mir nicht.“
will: „Ich möchte die Prüfung bestehen und dann in meinem Beruf arbeiten.“
tut: Spricht mit den Nachbarskindern jeden Tag Deutsch und schreibt neue Wörter in ein Heft.
tut: Geht donnerstags ins Sprachcafé und hat dort zwei Lernpartnerschaften gefunden.
tut: Hat sich den Kursplan der Volkshochschule geholt und die passenden Zeiten markiert.
kann: Lernt schnell und traut sich zu fragen.
kann: Im Sprachcafé sind jeden Donnerstag Freiwillige, die Zeit mitbringen.
kann: {bekannt} übt einmal in der Woche Telefonieren mit.
kann: Bringt einen Beruf aus einem anderen Land mit und Zeugnisse darüber.
blick: Angesehen, welche Kurse in {ort} am Vormittag liegen und wie die Busse dazu fahren.
blick: Das Wörterheft durchgeblättert; die Wörter aus der Arbeit stehen schon vorn.
blick: Überlegt, wo Deutsch im Alltag ohnehin gesprochen wird: Sportverein, Elternabend, Bücherei.
schritt
plan: Meldet sich bis {tag} in der Volkshochschule zur Einstufung an.
wir: Wir suchen die Unterlagen für die Anmeldung zusammen.
frage: Einstufung: Termin bekommen?
termin: Ergebnis der Einstufung besprechen
ergebnis: Die Einstufung ist gemacht; der Kurs beginnt in drei Wochen, immer vormittags.
kurz: Termin zur Einstufung steht fest.
schritt
plan: Geht jeden Donnerstag ins Sprachcafé und erzählt beim nächsten Mal davon.
wir: Wir sprechen beim nächsten Termin langsam und ohne Amtswörter.
frage: Sprachcafé: wie oft gewesen?
termin: Gespräch ganz auf Deutsch führen
ergebnis: Das Sprachcafé wurde dreimal besucht; heute ging das ganze Gespräch ohne Übersetzung.
kurz: Sprachcafé wird regelmäßig besucht.
schritt
plan: Fragt bei {betrieb}, ob an zwei Vormittagen mitgearbeitet werden kann.
wir: Wir schreiben auf eine Karte, worum es geht, zum Vorzeigen.
frage: {betrieb}: zwei Vormittage verabredet?
termin: Vormittage bei {betrieb} auswerten
ergebnis: Die zwei Vormittage bei {betrieb} waren gut; im Heft stehen sechzig neue Wörter.
kurz: Vormittage bei {betrieb} sind verabredet.
schritt
plan: Bringt die Zeugnisse aus dem erlernten Beruf und die Übersetzungen mit.
wir: Wir klären, wo die Anerkennung beantragt wird.
frage: Zeugnisse: Übersetzung fertig?
termin: Zeugnisse gemeinsam durchsehen
ergebnis: Die Zeugnisse sind übersetzt; der Antrag auf Anerkennung ist vorbereitet.
kurz: Übersetzung der Zeugnisse ist da.
schritt
plan: Übt mit {bekannt_dat} ein Telefongespräch und ruft dann selbst bei {betrieb2} an.
wir: Wir sind beim Anruf dabei, wenn es gewünscht ist.
frage: Anruf bei {betrieb2}: gemacht?
termin: Anruf bei {betrieb2} gemeinsam machen
ergebnis: Der Anruf bei {betrieb2} wurde allein gemacht und verstanden; es gibt einen Besuchstermin.
kurz: Anruf bei {betrieb2} ist gelungen.

thema: Arbeit und Familie
betriebe: Buchladen Lesezeichen / Wäschehaus Leinenblüte / Großküche Petersilie
arbeit: Teilzeit am Vormittag, 18 Stunden / Stelle mit wechselnden Vormittagen
will: „Ich will arbeiten, wenn die Kinder in der Schule sind, und mittags zu Hause sein.“
will: „Nach der Elternzeit möchte ich neu anfangen, mit etwas, das mir selbst gehört.“
will: „Ich möchte, dass meine Kinder sehen, dass mir meine Arbeit Freude macht.“
tut: Hat den Wochenplan der Familie aufgeschrieben und drei freie Vormittage gefunden.
tut: Wechselt sich mit anderen Eltern beim Abholen ab.
tut: Organisiert seit einem Jahr den Basar der Kita, mit vierzig Tischen.
kann: Plant weit voraus und behält viele Dinge zugleich im Kopf.
kann: Die Elterngruppe hilft sich gegenseitig mit Abholen und Mittagessen.
kann: {bekannt} springt ein, wenn die Kita einmal früher schließt.
kann: Vom Basar gibt es Listen, Plakate und eine Abrechnung zum Vorzeigen.
blick: Den Wochenplan angesehen: montags, mittwochs und freitags passt Arbeit von acht bis zwölf.
blick: Aufgeschrieben, was beim Basar alles geleistet wird, und daraus fünf Zeilen für den Lebenslauf gemacht.
blick: Besprochen, wer im Umfeld an welchem Tag hilft und was davon verlässlich ist.
schritt
plan: Fragt bis {tag} in der Kita nach einem Platz bis vierzehn Uhr.
wir: Wir klären, welche Bescheinigung die Kita dafür braucht.
frage: Kita: Platz bis vierzehn Uhr möglich?
termin: Wochenplan mit den neuen Zeiten abgleichen
ergebnis: Die Kita kann ab dem nächsten Monat bis vierzehn Uhr betreuen.
kurz: Kita hat den längeren Platz zugesagt.
schritt
plan: Fragt bei {betrieb} nach einer Stelle an drei Vormittagen.
wir: Wir rechnen aus, was bei achtzehn Stunden bleibt.
frage: {betrieb}: Vormittage möglich?
termin: Gespräch mit {betrieb} vorbereiten
ergebnis: {betrieb} sucht genau für drei Vormittage; ein Kennenlernen ist verabredet.
kurz: {betrieb} möchte sich kennenlernen.
schritt
plan: Schreibt den Lebenslauf neu und nimmt den Basar mit auf.
wir: Wir sehen den Entwurf gemeinsam durch.
frage: Lebenslauf mit Basar: fertig?
termin: Lebenslauf durchsehen
ergebnis: Der neue Lebenslauf ist fertig; der Basar steht unter Projekten.
kurz: Lebenslauf ist fertig.
schritt
plan: Verabredet mit der Elterngruppe einen festen Plan für das Abholen.
wir: Wir richten die nächsten Termine nach diesem Plan.
frage: Plan für das Abholen: steht er?
termin: Termine nach dem Abholplan legen
ergebnis: Der Plan für das Abholen steht, jede Familie übernimmt einen Tag.
kurz: Abholplan steht.
schritt
plan: Arbeitet einen Vormittag bei {betrieb2} zur Probe.
wir: Wir melden den Probevormittag an.
frage: Probevormittag bei {betrieb2}: gewesen?
termin: Probevormittag auswerten
ergebnis: Der Probevormittag bei {betrieb2} hat Freude gemacht; das Team ist klein und nett.
kurz: Probevormittag ist angemeldet.

thema: Reinigung und Hauswirtschaft
betriebe: Gebäudedienst Glanzpunkt / Pension Waldkauz / Hauswirtschaft Sonnenseite
arbeit: Objektreinigung, früher Dienst / Hauswirtschaft in einer Pension
will: „Ich will eine Stelle in der Nähe, zu Fuß erreichbar, mit einem Vertrag, der hält.“
will: „Ich möchte Vorarbeit machen und ein kleines Team anleiten. Das traue ich mir zu.“
will: „In einer Pension möchte ich arbeiten, wo man auch einmal mit den Gästen spricht.“
tut: Hält das Treppenhaus im eigenen Haus in Ordnung und bekommt dafür einen Mietnachlass.
tut: Hat drei Reinigungsfirmen angerufen und die Zeiten notiert.
tut: Hilft in der Pension um die Ecke aus, wenn viele Gäste kommen.
kann: Gründlich und schnell, sieht, was zu tun ist.
kann: Die Pension würde die Aushilfe bestätigen.
kann: {bekannt} arbeitet bei {betrieb} und kennt die Objekte in der Nähe.
kann: Frühe Zeiten passen gut, der Tag gehört danach der Familie.
blick: Auf dem Stadtplan von {ort} die Objekte markiert, die zu Fuß zu erreichen sind.
blick: Verglichen, was Früh- und Spätdienst für den Alltag bedeuten.
blick: Besprochen, woran man einen guten Vertrag erkennt und welche Fragen man stellen darf.
schritt
plan: Ruft bis {tag} bei {betrieb} an und fragt nach einem Objekt in Laufnähe.
wir: Wir notieren die Fragen zum Vertrag, die dabei gestellt werden können.
frage: {betrieb}: Objekt in der Nähe gefunden?
termin: Vertrag von {betrieb} durchlesen
ergebnis: {betrieb} hat ein Objekt zwei Straßen weiter angeboten, montags bis freitags ab sechs Uhr.
kurz: {betrieb} hat ein Objekt angeboten.
schritt
plan: Bittet die Pension um eine Bestätigung über die Aushilfe.
wir: Wir legen sie zu den Unterlagen.
frage: Bestätigung der Pension: liegt sie vor?
termin: Unterlagen zusammenstellen
ergebnis: Die Bestätigung der Pension liegt vor.
kurz: Bestätigung der Pension ist da.
schritt
plan: Fragt bei {betrieb2}, wie man dort in die Vorarbeit kommt.
wir: Wir suchen heraus, welche Angebote für die Grundlagen der Anleitung es gibt; gewählt wird frei.
frage: {betrieb2}: Weg in die Vorarbeit bekannt?
termin: Weg in die Vorarbeit besprechen
ergebnis: Bei {betrieb2} ist die Vorarbeit nach sechs Monaten möglich, wenn beide Seiten es wollen.
kurz: Auskunft von {betrieb2} ist da.
schritt
plan: Arbeitet einen Morgen bei {betrieb} zur Probe mit.
wir: Wir sind am selben Tag telefonisch erreichbar.
frage: Probemorgen bei {betrieb}: wie war er?
termin: Probemorgen auswerten
ergebnis: Der Probemorgen bei {betrieb} ging schnell vorbei, die Einweisung war freundlich.
kurz: Probemorgen ist verabredet.
schritt
plan: Rechnet mit {bekannt_dat} aus, was bei fünfundzwanzig Stunden im Monat übrig bleibt.
wir: Wir erklären, wie der Verdienst angerechnet wird.
frage: Rechnung zum Verdienst: gemacht?
termin: Verdienst gemeinsam durchrechnen
ergebnis: Die Rechnung ist gemacht: mit fünfundzwanzig Stunden bleibt spürbar mehr als jetzt.
kurz: Rechnung zum Verdienst ist gemacht.
"""
