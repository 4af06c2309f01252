"""Topics of conversations, second part: care, sales, office, computers, teaching. Written for this project."""

TOPICS = """
thema: Pflege und Alltagshilfe
betriebe: Pflegedienst Morgenlicht / Wohnpark Eulenhof / Tagespflege Apfelgarten
arbeit: Alltagsbegleitung in einer Tagespflege / Ausbildung in der Pflegeassistenz
will: „Ich will mit alten Menschen arbeiten. Da werde ich gebraucht, und das tut mir gut.“
will: „Die Ausbildung in der Pflege möchte ich im Sommer anfangen.“
will: „Ich möchte einen Dienst, der am frühen Nachmittag endet, und Leute, mit denen man reden kann.“
tut: Begleitet seit dem Herbst zwei Nachbarinnen zum Einkaufen und liest ihnen aus der Zeitung vor.
tut: Hat an einem Infoabend des Pflegedienstes teilgenommen und sich die Namen notiert.
tut: Lernt mit einem geliehenen Buch Fachwörter und schreibt jeden Tag fünf davon auf.
kann: Geduldig, hört zu und merkt sich, was anderen wichtig ist.
kann: Der Nachbarschaftsverein hat einen Besuchsdienst und freut sich über Mithilfe.
kann: {bekannt} ist Pflegefachkraft und beantwortet Fragen zum Alltag im Beruf.
kann: Die Kinderbetreuung am Vormittag ist gesichert, Frühdienste sind ab sieben Uhr möglich.
blick: Besprochen, was Alltagsbegleitung und Pflegeassistenz unterscheidet und wie lange es jeweils dauert.
blick: Die Häuser in {ort} auf der Karte angesehen und nach Wegen geordnet.
blick: Aufgeschrieben, was beim Begleiten der Nachbarinnen alles dazugehört: es waren vierzehn Tätigkeiten.
schritt
plan: Fragt bis {tag} bei {betrieb} nach zwei Tagen zum Hineinschauen.
wir: Wir schicken {betrieb} auf Wunsch eine kurze Ankündigung.
frage: {betrieb}: Tage zum Hineinschauen verabredet?
termin: Tage bei {betrieb} auswerten
ergebnis: Zwei Tage bei {betrieb} liegen hinter uns; am schönsten war das Singen am Nachmittag.
kurz: Tage bei {betrieb} sind verabredet.
schritt
plan: Meldet sich beim Besuchsdienst des Vereins und probiert einen Nachmittag aus.
wir: Wir geben die Telefonnummer des Besuchsdienstes mit.
frage: Besuchsdienst: erster Nachmittag gewesen?
termin: Erfahrungen aus dem Besuchsdienst besprechen
ergebnis: Der erste Nachmittag im Besuchsdienst war gut, ein zweiter ist schon verabredet.
kurz: Besuchsdienst hat sich gemeldet.
schritt
plan: Besorgt das Abschlusszeugnis und lässt es beglaubigen.
wir: Wir klären, wo die Anerkennung beantragt wird und was sie kostet.
frage: Zeugnis: beglaubigt?
termin: Antrag auf Anerkennung gemeinsam ausfüllen
ergebnis: Das Zeugnis ist beglaubigt; der Antrag auf Anerkennung ist unterschrieben.
kurz: Zeugnis ist beglaubigt, Antrag ist unterwegs.
schritt
plan: Bewirbt sich bei {betrieb2} für den Ausbildungsbeginn im Sommer.
wir: Wir lesen Anschreiben und Lebenslauf gemeinsam durch.
frage: {betrieb2}: Antwort zur Ausbildung?
termin: Vorstellung bei {betrieb2} vorbereiten
ergebnis: {betrieb2} hat zum Gespräch eingeladen und einen Tag im Wohnbereich angeboten.
kurz: Einladung von {betrieb2} ist da.
schritt
plan: Fragt in der Pflegeschule nach einem Tag zum Mitmachen.
wir: Wir suchen heraus, mit welchem Bus die Schule am Morgen zu erreichen ist.
frage: Pflegeschule: Tag zum Mitmachen bekommen?
termin: Eindruck von der Pflegeschule besprechen
ergebnis: Der Tag in der Pflegeschule hat Lust auf mehr gemacht; die Klasse war freundlich.
kurz: Pflegeschule hat einen Tag zugesagt.

thema: Verkauf
betriebe: Backstube Sonnenkringel / Kaufhaus Lindgrün / Hofladen Wiesenglück
arbeit: Verkauf in einer Bäckerei, 20 Stunden / Stelle an der Kasse, Teilzeit
will: „Ich will wieder unter Leute. Im Verkauf war ich immer gern.“
will: „Eine Stelle mit zwanzig Stunden, vormittags, das ist mein Ziel für dieses Jahr.“
will: „Ich möchte etwas verkaufen, hinter dem ich stehe, am liebsten Brot oder Gemüse.“
tut: Hilft samstags am Marktstand mit und rechnet im Kopf zusammen.
tut: Hat vier Läden aufgesucht und nach der Leitung gefragt; zwei Namen sind notiert.
tut: Schreibt sich auf, welche Läden Zettel im Fenster haben, und hat schon dreimal angerufen.
kann: Freundlich, auch wenn es voll wird, und gut im Kopfrechnen.
kann: Der Marktstand würde die Mithilfe bestätigen.
kann: {bekannt} kauft oft bei {betrieb} und weiß, dass dort jemand aufhört.
kann: Die Wege in {ort} sind kurz, die meisten Läden sind zu Fuß erreichbar.
blick: Eine Runde durch die Innenstadt auf der Karte geplant: sieben Läden in einer Stunde.
blick: Besprochen, welche Zeiten wirklich passen und welche nur im Notfall.
blick: Geübt, sich in drei Sätzen vorzustellen; der zweite Satz sitzt schon.
schritt
plan: Geht bis {tag} mit der Bewerbung zu {betrieb} und fragt nach der Filialleitung.
wir: Wir drucken drei Bewerbungen aus.
frage: {betrieb}: Gespräch mit der Filialleitung gehabt?
termin: Besuch bei {betrieb} auswerten
ergebnis: Bei {betrieb} war die Filialleitung da; ein Probevormittag ist verabredet.
kurz: Probevormittag bei {betrieb} ist verabredet.
schritt
plan: Übt zu Hause, sich in drei Sätzen vorzustellen, und nimmt es einmal mit dem Telefon auf.
wir: Wir spielen das Gespräch beim nächsten Mal einmal durch.
frage: Drei Sätze zur Vorstellung: geübt?
termin: Vorstellung üben
ergebnis: Die drei Sätze sitzen, auch mit Zwischenfragen.
kurz: Die drei Sätze sind geübt.
schritt
plan: Fragt am Marktstand nach einer Bestätigung über die Mithilfe.
wir: Wir geben ein Muster dafür mit.
frage: Bestätigung vom Marktstand: liegt sie vor?
termin: Bewerbungsmappe vollständig machen
ergebnis: Die Bestätigung vom Marktstand liegt vor, mit einem freundlichen Zusatz von Hand.
kurz: Bestätigung vom Marktstand ist da.
schritt
plan: Sieht sich die Kasse bei {betrieb2} an und fragt nach einer Einarbeitung.
wir: Wir klären mit {betrieb2} auf Wunsch, wie eine Einarbeitung aussehen kann.
frage: {betrieb2}: Einarbeitung möglich?
termin: Angebot von {betrieb2} besprechen
ergebnis: {betrieb2} nimmt sich zwei Wochen Zeit für die Einarbeitung, wenn der Beginn am Monatsanfang liegt.
kurz: {betrieb2} bietet eine Einarbeitung an.
schritt
plan: Schreibt auf, an welchen Tagen und Stunden Arbeit möglich ist.
wir: Wir rechnen aus, was bei zwanzig Stunden vom Verdienst bleibt.
frage: Mögliche Arbeitszeiten: Plan fertig?
termin: Zeiten und Verdienst gemeinsam durchrechnen
ergebnis: Der Plan ist fertig: montags bis freitags von acht bis zwölf, samstags alle zwei Wochen.
kurz: Plan der Arbeitszeiten liegt vor.

thema: Büro
betriebe: Steuerkanzlei Federkiel / Autohaus Silberdistel / Hausverwaltung Grundstein
arbeit: Bürostelle am Empfang, halbtags / Sachbearbeitung in einer Hausverwaltung
will: „Ordnung in Papiere bringen, das liegt mir. Ich will an einen Empfang oder in eine Verwaltung.“
will: „Ich möchte zurück ins Büro und mich vorher mit den neuen Programmen vertraut machen.“
will: „Ein Platz, an dem ich gebraucht werde und mitdenken darf, das möchte ich bis zum Sommer haben.“
tut: Führt die Kasse im Sportverein und hat die Tabellen dafür selbst gebaut.
tut: Macht in der Stadtbücherei einen kostenlosen Kurs am Rechner, immer dienstags.
tut: Hat den Lebenslauf neu geschrieben und {bekannt_dat} zum Lesen gegeben.
kann: Schreibt schnell und fehlerfrei, auch nach Diktat.
kann: In der Stadtbücherei gibt es Rechner, Drucker und jemanden, der hilft.
kann: Der Sportverein gibt gern Auskunft über die Arbeit an der Kasse.
kann: Am Telefon freundlich und klar, in zwei Sprachen.
blick: Stellenanzeigen gelesen und herausgeschrieben, was davon schon gekonnt wird: acht von zehn Punkten.
blick: Überlegt, wer im Bekanntenkreis in einem Büro arbeitet; es sind fünf Leute.
blick: Den neuen Lebenslauf durchgesehen; die Jahre im Verein stehen jetzt an der richtigen Stelle.
schritt
plan: Bewirbt sich bis {tag} bei {betrieb} für den Empfang.
wir: Wir lesen das Anschreiben mit, bevor es abgeschickt wird.
frage: {betrieb}: Antwort auf die Bewerbung?
termin: Vorstellung bei {betrieb} vorbereiten
ergebnis: {betrieb} hat sich gemeldet und zu einem Gespräch eingeladen.
kurz: Einladung von {betrieb} ist gekommen.
schritt
plan: Übt in der Stadtbücherei Serienbriefe und bringt einen als Beispiel mit.
wir: Wir zeigen, wie ein Geschäftsbrief heute aufgebaut ist.
frage: Serienbrief: klappt er?
termin: Serienbrief gemeinsam ansehen
ergebnis: Der Serienbrief klappt, mit Anrede ohne Herr und Frau.
kurz: Serienbrief ist gelungen.
schritt
plan: Fragt beim Sportverein nach einem Schreiben über die Kassenführung.
wir: Wir ordnen die Unterlagen und machen daraus eine Datei.
frage: Schreiben des Sportvereins: eingetroffen?
termin: Unterlagen zu einer Datei zusammenfassen
ergebnis: Das Schreiben des Sportvereins liegt vor, die Unterlagen passen in eine Datei.
kurz: Schreiben des Sportvereins ist da.
schritt
plan: Ruft bei {betrieb2} an und fragt, ob zwei Wochen Praktikum möglich sind.
wir: Wir schicken die Unterlagen für das Praktikum an {betrieb2}, sobald zugesagt ist.
frage: {betrieb2}: Praktikum möglich?
termin: Praktikum bei {betrieb2} vorbereiten
ergebnis: {betrieb2} bietet zwei Wochen Praktikum im Empfang an, Beginn am Ersten des Monats.
kurz: Praktikum bei {betrieb2} ist zugesagt.
schritt
plan: Schreibt drei Beispiele auf, bei denen Ordnung in etwas gebracht wurde.
wir: Wir machen daraus Sätze für das Vorstellungsgespräch.
frage: Drei Beispiele: aufgeschrieben?
termin: Beispiele für das Gespräch auswählen
ergebnis: Drei Beispiele sind aufgeschrieben; das vom Vereinsarchiv ist das stärkste.
kurz: Beispiele liegen vor.

thema: Computer und Netze
betriebe: Rechenwerk Göttinger Bogen / Systemhaus Blaumeise / Reparaturladen Zweites Leben
arbeit: Stelle im Gerätedienst / Ausbildung in der Fachinformatik
will: „Ich will Rechner reparieren und anderen erklären, wie sie funktionieren.“
will: „Programmieren ist mein Ding. Ich möchte damit in eine Ausbildung.“
will: „Ich möchte in einem kleinen Betrieb arbeiten, in dem man alles einmal gemacht haben muss.“
tut: Repariert im Reparaturcafé alte Notebooks und hat in diesem Jahr neunzehn wieder zum Laufen gebracht.
tut: Hat für den Sportverein eine Seite gebaut und hält sie aktuell.
tut: Lernt abends mit freien Kursen im Netz und schreibt mit, was gelungen ist.
kann: Bleibt dran, bis der Fehler gefunden ist.
kann: Das Reparaturcafé hat Werkzeug, Ersatzteile und Leute mit Erfahrung.
kann: {bekannt} arbeitet bei {betrieb} und erzählt, was dort gebraucht wird.
kann: Zu Hause stehen ein schneller Anschluss und ein ruhiger Platz zum Lernen.
blick: Angesehen, welche Ausbildungen es in {ort} gibt und wann die Bewerbungen dafür beginnen.
blick: Aus den reparierten Geräten eine Liste gemacht: Fehler, Weg, Ergebnis.
blick: Überlegt, wem das Können im Ort nützt: Schule, Verein, Seniorentreff.
schritt
plan: Schickt bis {tag} die Liste der reparierten Geräte an {betrieb} und fragt nach einem Praktikum.
wir: Wir lesen die Nachricht vorher mit.
frage: {betrieb}: Antwort auf die Anfrage?
termin: Praktikum bei {betrieb} besprechen
ergebnis: {betrieb} fand die Liste überzeugend und bietet zwei Wochen Praktikum an.
kurz: {betrieb} hat geantwortet: Praktikum ist möglich.
schritt
plan: Bietet im Seniorentreff eine Sprechstunde für Telefone und Tablets an.
wir: Wir fragen im Seniorentreff, welcher Nachmittag frei ist.
frage: Sprechstunde im Seniorentreff: erste gewesen?
termin: Sprechstunde auswerten
ergebnis: Zur ersten Sprechstunde kamen sieben Leute; erklärt wurde in Ruhe und ohne Fachwörter.
kurz: Sprechstunde ist angesetzt.
schritt
plan: Baut eine eigene kleine Seite mit drei Arbeitsproben.
wir: Wir sehen uns die Seite an, als käme die Bewerbung zu uns.
frage: Seite mit Arbeitsproben: online?
termin: Arbeitsproben gemeinsam ansehen
ergebnis: Die Seite mit drei Arbeitsproben steht und lädt schnell.
kurz: Seite ist fertig.
schritt
plan: Bewirbt sich bei {betrieb2} um einen Ausbildungsplatz.
wir: Wir besprechen das Auswahlverfahren und üben zwei Aufgaben daraus.
frage: {betrieb2}: Einladung zum Auswahltag?
termin: Auswahltag bei {betrieb2} vorbereiten
ergebnis: {betrieb2} hat zum Auswahltag eingeladen.
kurz: Einladung zum Auswahltag ist da.
schritt
plan: Fragt die Leitung des Reparaturcafés nach einem Zeugnis.
wir: Wir geben Stichworte mit, was darin stehen kann.
frage: Zeugnis des Reparaturcafés: bekommen?
termin: Zeugnis gemeinsam lesen
ergebnis: Das Zeugnis aus dem Reparaturcafé ist ausführlich und nennt die neunzehn Geräte.
kurz: Zeugnis liegt vor.

thema: Schule und Betreuung
betriebe: Ganztagsschule Bachwiese / Kita Drachennest / Hort Purzelbaum
arbeit: Mitarbeit im Ganztag einer Grundschule / Ausbildung in der Sozialassistenz
will: „Ich will mit Kindern arbeiten, am liebsten draußen und mit Bewegung.“
will: „Die Ausbildung in der Sozialassistenz möchte ich beginnen, sobald ein Platz frei ist.“
will: „Ich möchte, dass Kinder bei mir gern etwas lernen. Basteln, bauen, Theater, das ist meins.“
tut: Leitet im Turnverein eine Gruppe mit zwölf Kindern und plant die Stunden selbst.
tut: Liest in der Bücherei einmal im Monat vor und sucht die Bücher dafür aus.
tut: Hat bei einer Kita hospitiert und danach einen Dankesbrief geschrieben.
kann: Findet auch für ein wildes Spiel klare Regeln.
kann: Der Turnverein bezahlt auf Wunsch den Übungsleiterschein.
kann: {bekannt} arbeitet im Hort und kennt die Leitung von {betrieb}.
kann: Spielt Gitarre und kennt viele Lieder.
blick: Besprochen, welche Wege in den Beruf führen und wie lange sie dauern.
blick: Angesehen, welche Schulen und Kitas in {ort} zu Fuß erreichbar sind.
blick: Aus einer Stunde im Turnverein aufgeschrieben, was dabei alles geplant werden muss.
schritt
plan: Fragt bis {tag} bei {betrieb} nach drei Tagen zum Mitmachen.
wir: Wir sagen, welche Nachweise dafür vorher gebraucht werden.
frage: {betrieb}: Tage zum Mitmachen verabredet?
termin: Tage bei {betrieb} auswerten
ergebnis: Die Tage bei {betrieb} waren bunt; die Gruppe hat nach dem nächsten Besuch gefragt.
kurz: Tage bei {betrieb} sind verabredet.
schritt
plan: Beantragt das erweiterte Führungszeugnis bei der Gemeinde.
wir: Wir geben die Bescheinigung dafür mit.
frage: Führungszeugnis: beantragt?
termin: Nachweise durchsehen
ergebnis: Das Führungszeugnis ist beantragt; bezahlt werden musste nichts.
kurz: Führungszeugnis ist beantragt.
schritt
plan: Meldet sich im Turnverein zum Übungsleiterschein an.
wir: Wir legen die nächsten Termine hier so, dass die Wochenenden frei bleiben.
frage: Übungsleiterschein: Anmeldung bestätigt?
termin: Erstes Wochenende des Scheins besprechen
ergebnis: Die Anmeldung zum Übungsleiterschein ist bestätigt, das erste Wochenende war lehrreich.
kurz: Anmeldung zum Schein ist bestätigt.
schritt
plan: Bewirbt sich an der Fachschule und bei {betrieb2} für die Praxis.
wir: Wir lesen die Unterlagen gemeinsam durch und achten auf die Frist.
frage: Fachschule: Platz zugesagt?
termin: Unterlagen für die Fachschule abschließen
ergebnis: Die Fachschule hat den Eingang bestätigt; {betrieb2} bietet den Praxisplatz an.
kurz: Eingang der Bewerbung ist bestätigt.
schritt
plan: Schreibt eine Seite über eine gelungene Stunde mit den Kindern, ohne Namen zu nennen.
wir: Wir machen daraus den Anfang des Anschreibens.
frage: Seite über die Stunde: geschrieben?
termin: Anschreiben beginnen
ergebnis: Die Seite ist geschrieben und zeigt gut, wie ein Streit in ein Spiel verwandelt wurde.
kurz: Seite liegt vor.
"""
