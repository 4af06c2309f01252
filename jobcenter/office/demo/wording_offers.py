"""Offers of the demonstration, kind by kind, and why people choose them. Written for this project; all names invented.

`art` begins a kind. `themen`: topics of the notes whose people may choose it. `arten`: codes of SupportKind. `gibt`,
`gut`, `woche`, `mit`: support, purpose, course, what to bring. `absicht`: in the words of the person. `wurde`: what
came of it. No word says whom an offer is for.
"""

KINDS = """
art: Holzwerkstatt
namen: Holzwerkstatt / Werkstatt für Möbel und Innenausbau / Tischlern an zwei Bänken
themen: Holz
arten: handwerk erproben
gibt: Sie bauen unter Anleitung ein eigenes Stück, vom Aufmaß bis zum Ölen. Ein Meister zeigt Hobelbank und Bandsäge.
gibt: In kleinen Gruppen lernen Sie, Holz auszuwählen und zu verleimen. Am Ende steht ein Möbel, das Sie behalten.
gut: Herausfinden, ob der Beruf passt, und mit einem fertigen Stück und Fotos in einen Betrieb gehen.
gut: Wieder ganze Vormittage an einer Sache arbeiten und den Maschinenschein vorbereiten.
woche: Montag bis Donnerstag von {von} bis {bis} Uhr in der Werkstatt; freitags wird besprochen, was gelungen ist.
woche: Drei Tage Werkstatt, ein Tag Besuch in einem Betrieb, freitags frei für eigene Wege.
mit: Feste Schuhe, Kleidung, die staubig werden darf, und etwas zu trinken.
dauer: drei Monate / zwölf Wochen / vier Monate
stunden: 20 / 24 / 16
absicht: Ich will sehen, ob ich einen ganzen Vormittag an der Hobelbank durchhalte.
absicht: Ich will ein Möbel fertig bauen, das ich bei {betrieb} auf den Tisch stellen kann.
absicht: Ich will den Maschinenschein vorbereiten, weil in jeder Anzeige danach gefragt wird.
absicht: Ich will wissen, ob mir Holz auch am vierten Tag der Woche noch Freude macht.
wurde: Ich habe einen Hocker und ein Regal gebaut. {betrieb} will die Fotos sehen.
wurde: Ich weiß jetzt, dass mir die Arbeit liegt, der Staub aber nicht. Ich schaue eher nach Montage.

art: Garten und Landschaft
namen: Gärtnern am Stadtrand / Grüner Hof / Stauden, Wege, Hecken
themen: Garten
arten: handwerk erproben
gibt: Sie arbeiten in einer kleinen Gärtnerei mit: aussäen, Wege legen, Hecken schneiden. Eine Gärtnerin zeigt es.
gibt: Pflege von Grünflächen mit Maschinen, die Sie in Ruhe kennenlernen, und ein Tag in der Woche im Betrieb.
gut: Einen Eindruck vom ganzen Jahr bekommen und Leute kennenlernen, die im Frühjahr einstellen.
gut: Körperlich wieder in einen Arbeitstag finden und die Motorsäge sicher bedienen lernen.
woche: Montag bis Freitag ab {von} Uhr auf dem Hof, bei Regen im Gewächshaus; mittags wird gemeinsam gegessen.
woche: Dienstag und Mittwoch im Gelände, donnerstags Pflanzen erkennen, freitags im Betrieb.
mit: Wetterfeste Kleidung, feste Schuhe, Handschuhe gibt es dort.
dauer: vier Monate / eine Saison / zwölf Wochen
stunden: 25 / 30 / 18
absicht: Ich will im Frühjahr mit jemandem gearbeitet haben, der mich weiterempfehlen kann.
absicht: Ich will wissen, ob mein Rücken einen Arbeitstag draußen mitmacht.
absicht: Ich will die Motorsäge bedienen dürfen, dann nimmt mich {betrieb} eher.
absicht: Ich will mehr können als meine Parzelle, vor allem Wege und Pflaster.
wurde: Ich habe eine Saison durchgehalten und kenne jetzt drei Betriebe mit Namen.
wurde: Pflastern kann ich. {betrieb} hat mich für eine Woche mitgenommen.

art: Küche und Gastgeben
namen: Lehrküche / Mittagstisch mit Ausbildungskoch / Kochen für viele
themen: Küche
arten: erproben kenntnisse
gibt: Sie kochen mit einem gelernten Koch jeden Tag für vierzig Gäste: vorbereiten, anrichten, Vorräte rechnen.
gibt: Küche und Ausgabe im Wechsel; die Belehrung zur Hygiene machen Sie in der ersten Woche.
gut: Das Tempo einer Küche kennenlernen und eine Bescheinigung mitnehmen, die Betriebe verlangen.
gut: Ausprobieren, ob Küche, Service oder Lager besser passt.
woche: Montag bis Freitag von {von} bis {bis} Uhr, um zwölf wird ausgegeben; mittwochs entsteht der Plan.
woche: Vier Tage Küche, am Freitag Einkauf und Abrechnung.
mit: Geschlossene Schuhe; Jacke und Schürze werden gestellt.
dauer: drei Monate / zehn Wochen / ein halbes Jahr
stunden: 20 / 25 / 30
absicht: Ich will erleben, ob ich das Tempo am Mittag aushalte, bevor ich bei {betrieb} anfange.
absicht: Ich will die Hygienebelehrung und ein Zeugnis, auf dem Küche steht.
absicht: Ich will lernen, für viele zu kochen, nicht nur für die Familie.
absicht: Ich will herausfinden, ob mir die Ausgabe oder der Herd mehr liegt.
wurde: Die Belehrung habe ich, und der Koch ruft bei {betrieb} für mich an.
wurde: Am Herd war es mir zu laut. In der Ausgabe bin ich gut, da suche ich jetzt.

art: Lager und Versand
namen: Lager mit Staplerschein / Vom Wareneingang zum Versand / Lagerpraxis
themen: Lager
arten: kenntnisse erproben
gibt: Wareneingang, Kommissionieren und Versand in einem echten Lager, dazu der Staplerschein mit Prüfung.
gibt: Sie arbeiten mit Scanner und Listen, lernen das sichere Heben und fahren unter Aufsicht den Hubwagen.
gut: Mit Schein und Praxis in die Betriebe am Gewerbegebiet gehen.
gut: Wieder in Schichten hineinfinden, zuerst die frühe, dann die späte.
woche: Montag bis Freitag von {von} bis {bis} Uhr, jede dritte Woche am Nachmittag.
woche: Zwei Tage Unterricht zum Schein, drei Tage Halle.
mit: Sicherheitsschuhe, wenn vorhanden; sonst werden sie geliehen.
dauer: acht Wochen / zehn Wochen / drei Monate
stunden: 30 / 35 / 25
absicht: Ich will den Staplerschein, ohne ihn komme ich bei {betrieb} nicht weiter.
absicht: Ich will wissen, ob ich Frühschicht mit dem Bus schaffe.
absicht: Ich will mit dem Scanner so sicher werden, dass ich nicht mehr frage.
absicht: Ich will wieder acht Stunden am Tag auf den Beinen sein.
wurde: Den Schein habe ich beim ersten Mal bestanden.
wurde: Die Frühschicht geht, wenn {bekannt} mich mitnimmt.

art: Haare und Handwerk
namen: Salon zum Üben / Friseurpraxis / Am Übungskopf
themen: Friseurhandwerk
arten: handwerk erproben
gibt: Schneiden, Färben und Bärte am Übungskopf und an Gästen, die Bescheid wissen. Eine Meisterin steht daneben.
gibt: Sie üben Beratung und Termine am Telefon und lernen die Geräte eines Salons kennen.
gut: Wieder sicher mit der Schere werden und eine Mappe mit Bildern zusammenstellen.
gut: Mit einem Salon ins Gespräch kommen, der ausbildet.
woche: Dienstag bis Freitag von {von} bis {bis} Uhr; donnerstags kommen Gäste.
woche: Drei Vormittage Übung, ein Nachmittag im Salon eines Betriebs.
mit: Eigene Schere, wer eine hat; Umhang und Köpfe sind da.
dauer: zwei Monate / zehn Wochen / drei Monate
stunden: 15 / 20 / 18
absicht: Ich will wieder so schneiden, dass ich mich bei {betrieb} nicht verstecken muss.
absicht: Ich will eine Mappe mit acht Bildern, die ich zeigen kann.
absicht: Ich will Bärte lernen, danach fragen alle Salons.
absicht: Ich will merken, ob ich mit Gästen ins Gespräch komme.
wurde: Meine Mappe hat zehn Bilder, zwei Salons haben sie behalten.
wurde: Färben kann ich, Bärte brauchen noch Zeit. Die Meisterin lässt mich weiter üben.

art: Fahren und Bringen
namen: Sicher ans Steuer / Fahrpraxis für Touren / Führerschein und Tourenplan
themen: Fahrdienst
arten: kenntnisse erproben
gibt: Fahrstunden mit dem Transporter, Tourenplanung am Rechner, Ladung sichern, Umgang mit Fahrgästen.
gibt: Vorbereitung auf den Personenbeförderungsschein mit Ortskenntnis und Erster Hilfe.
gut: Mit Schein und Praxis zu Kurier, Schulbus oder Besuchsdienst gehen.
gut: Nach langer Zeit wieder ruhig durch die Stadt fahren.
woche: Zwei Tage Unterricht, zwei Tage Tour mit jemandem auf dem Beifahrersitz, jeweils ab {von} Uhr.
woche: Montag und Mittwoch Theorie bis {bis} Uhr, Dienstag und Donnerstag Fahrpraxis.
mit: Führerschein, Brille, wer eine trägt, und feste Schuhe.
dauer: sechs Wochen / acht Wochen / zwei Monate
stunden: 18 / 22 / 25
absicht: Ich will den Schein für Fahrgäste, dann kann ich bei {betrieb} anfangen.
absicht: Ich will wieder Transporter fahren, ohne dass mir die Hände zittern.
absicht: Ich will eine Tour selbst planen können, auch am Rechner.
absicht: Ich will herausfinden, ob mir Menschen oder Pakete lieber sind.
wurde: Der Schein ist beantragt, die Ortskenntnis habe ich bestanden.
wurde: Ich fahre wieder. Pakete sind nichts für mich, Fahrgäste schon.

art: Pflege und Alltagshilfe
namen: Basiskurs Pflege / Alltag begleiten / Hilfe im Haus und am Bett
themen: Pflege und Alltagshilfe
arten: kenntnisse erproben
gibt: Grundlagen der Pflege mit Praktikum in einem Haus: Mobilität, Mahlzeiten, Gespräche, Dokumentation.
gibt: Qualifizierung zur Betreuung im Alltag mit Zeugnis und zwei Praxiswochen.
gut: Prüfen, ob die Arbeit mit alten Menschen trägt, und ein Zeugnis in der Hand haben.
gut: Ein Haus von innen kennenlernen, bevor eine Bewerbung geschrieben wird.
woche: Montag bis Mittwoch Unterricht von {von} bis {bis} Uhr, Donnerstag und Freitag im Haus.
woche: Vier Vormittage Kurs, ein Nachmittag begleitete Praxis.
mit: Flache Schuhe; das Gesundheitszeugnis wird gemeinsam beantragt.
dauer: drei Monate / zehn Wochen / fünf Monate
stunden: 20 / 25 / 30
absicht: Ich will wissen, ob ich nah an fremden Menschen arbeiten kann, so wie bei meiner Großmutter.
absicht: Ich will das Zeugnis, weil {betrieb} nur damit einstellt.
absicht: Ich will erst ein Haus von innen sehen und dann entscheiden.
absicht: Ich will lernen, wie man richtig hebt, ohne dass es weh tut.
wurde: Das Haus will mich wieder haben, zuerst am Wochenende.
wurde: Das Zeugnis liegt vor. Mit den Abenden muss ich noch schauen.

art: Verkauf
namen: Kasse und Beratung / Übungsladen / Verkaufen lernen
themen: Verkauf
arten: erproben kenntnisse
gibt: In einem Laden mit gebrauchten Dingen lernen Sie Kasse, Ware, Beratung und Reklamation.
gibt: Kassentraining, Waren kennen und zwei Wochen in einem Geschäft Ihrer Wahl.
gut: Sicher an der Kasse werden und mit Leuten reden, die auch einmal unfreundlich sind.
gut: Ein Geschäft finden, das zu den eigenen Zeiten passt.
woche: Dienstag bis Samstag im Wechsel, jeweils von {von} bis {bis} Uhr.
woche: Montag Unterricht, Dienstag bis Donnerstag im Laden, Freitag Auswertung zu zweit.
mit: Kleidung, in der Sie sich vor Leuten wohl fühlen.
dauer: zwei Monate / zehn Wochen / drei Monate
stunden: 20 / 22 / 15
absicht: Ich will an der Kasse nicht mehr rot werden, wenn eine Schlange steht.
absicht: Ich will zwei Wochen bei {betrieb} stehen und gesehen werden.
absicht: Ich will herausfinden, ob mir Textil oder Lebensmittel mehr liegt.
absicht: Ich will lernen, bei Ärger freundlich zu bleiben.
wurde: Kasse geht. {betrieb} hat gefragt, ob ich samstags kann.
wurde: Ich will in den Verkauf, aber lieber ohne Kasse.

art: Büro
namen: Büropraxis / Rechnung, Brief, Ablage / Büro am Vormittag
themen: Büro
arten: kenntnisse digital
gibt: Briefe, Tabellen, Rechnungen und Ablage an einem Übungsbüro, dazu Telefon und Empfang.
gibt: Auffrischung für Leute mit Bürozeit: heutige Programme, Videogespräche, Kalender mit anderen.
gut: Nach einer Pause zeigen können, was man am Rechner kann.
gut: Herausfinden, ob Empfang, Buchhaltung oder Einkauf das Richtige ist.
woche: Montag bis Freitag von {von} bis {bis} Uhr, Übungsfirma mit wechselnden Plätzen.
woche: Drei Vormittage am Rechner, einer am Telefon.
mit: Ein Speicherstift und der Lebenslauf, wenn es ihn gibt.
dauer: drei Monate / acht Wochen / vier Monate
stunden: 20 / 25 / 16
absicht: Ich will Tabellen so können, dass ich sie im Gespräch bei {betrieb} vormachen kann.
absicht: Ich will wissen, was sich im Büro geändert hat, seit ich weg war.
absicht: Ich will am Telefon wieder ruhig sprechen.
absicht: Ich will ausprobieren, ob Rechnungen oder Empfang mehr für mich ist.
wurde: Ich rechne jetzt mit Tabellen und habe das im Gespräch gezeigt.
wurde: Empfang ist es. Zwei Stellen habe ich angeschrieben.

art: Computer
namen: Rechner und Netze / Technik verstehen / Programmieren für den Anfang
themen: Computer und Netze
arten: digital kenntnisse
gibt: Rechner aufbauen, Netze einrichten, Fehler suchen; ein kleines eigenes Projekt bis zum Ende.
gibt: Erste Schritte im Programmieren und eine Seite im Netz, die wirklich erreichbar ist.
gut: Etwas Fertiges vorzeigen und wissen, ob der Weg in eine Ausbildung lohnt.
gut: Mit anderen arbeiten, die auch gern lange an einer Sache sitzen.
woche: Montag bis Donnerstag von {von} bis {bis} Uhr, freitags offen für das eigene Projekt.
woche: Zwei Tage Unterricht, zwei Tage Projekt in einer Gruppe von vier.
mit: Nichts; Rechner sind da. Ein eigener darf mitkommen.
dauer: drei Monate / vier Monate / zwölf Wochen
stunden: 20 / 24 / 18
absicht: Ich will ein Projekt fertig machen und nicht wieder bei der Hälfte aufhören.
absicht: Ich will ein Netz selbst einrichten können, wie {betrieb} es verlangt.
absicht: Ich will sehen, ob ich mit anderen zusammen programmieren mag.
absicht: Ich will wissen, ob eine Ausbildung für mich erreichbar ist.
wurde: Meine Seite steht, {betrieb} hat sie sich angesehen.
wurde: Netze sind meins, Programmieren weniger. Das weiß ich jetzt.

art: Schule und Betreuung
namen: Hilfe in der Grundschule / Nachmittag mit Kindern / Betreuen und begleiten
themen: Schule und Betreuung
arten: erproben kenntnisse
gibt: Einblick in Ganztag und Kindergarten mit Unterricht zu Spiel, Streit und Aufsicht.
gibt: Vorbereitung auf die Arbeit als Begleitung von Schulkindern, mit Führungszeugnis und Praktikum.
gut: Ausprobieren, ob die Arbeit mit vielen Kindern trägt.
gut: Ein Zeugnis für den Ganztag bekommen.
woche: Zwei Vormittage Kurs, drei Nachmittage in der Schule bis {bis} Uhr.
woche: Montag Unterricht ab {von} Uhr, Dienstag bis Freitag Praxis mit einer Erzieherin.
mit: Führungszeugnis, das gemeinsam beantragt wird, und Impfausweis.
dauer: drei Monate / ein Schulhalbjahr / zehn Wochen
stunden: 15 / 20 / 25
absicht: Ich will sehen, ob ich zwanzig Kinder aushalte und nicht nur meine eigenen.
absicht: Ich will das Zeugnis für den Ganztag, weil die Zeiten zu uns passen.
absicht: Ich will bei {betrieb} bekannt sein, bevor dort etwas frei wird.
absicht: Ich will lernen, wie man einen Streit unter Kindern ruhig beendet.
wurde: Die Schule hat mich gefragt, ob ich nach den Ferien wiederkomme.
wurde: Kinder ja, aber lieber wenige. Ich schaue nach Tagespflege.

art: Ausbildung
namen: Weg in die Ausbildung / Ausbildung mit Rückenwind / Vor dem ersten Lehrjahr
themen: Ausbildung finden
arten: bewerbung erproben
gibt: Drei Berufe in drei Wochen anfassen, dann Praktikum im liebsten; dabei Mathematik und Deutsch für den Beruf.
gibt: Suche nach einer Lehrstelle mit jemandem, der die Betriebe kennt, und Begleitung bis ins erste Lehrjahr.
gut: Einen Beruf wählen, weil man ihn erlebt hat.
gut: Bis zum Sommer einen Vertrag haben oder wissen, was noch fehlt.
woche: Montag bis Mittwoch im Betrieb, Donnerstag und Freitag Unterricht von {von} bis {bis} Uhr.
woche: Vormittags Werkstätten im Wechsel, nachmittags Bewerbungen zu zweit.
mit: Zeugnisse, auch wenn sie nicht schön sind.
dauer: ein halbes Jahr / vier Monate / zehn Monate
stunden: 30 / 25 / 35
absicht: Ich will drei Berufe anfassen und dann einen nehmen, statt wieder irgendwas.
absicht: Ich will bis zum Sommer bei {betrieb} einen Vertrag haben.
absicht: Ich will Mathe so weit auffrischen, dass der Test nicht wieder schiefgeht.
absicht: Ich will jemanden, der mit mir hingeht, wenn ich mich vorstelle.
wurde: Anlagenmechanik ist es geworden, das Praktikum läuft bei {betrieb}.
wurde: Den Test habe ich geschafft. Jetzt schreiben wir Bewerbungen.

art: Gründung
namen: Gründen mit Plan / Erste Schritte in die Selbstständigkeit / Eigene Rechnung
themen: Selbstständigkeit
arten: selbststaendig kenntnisse
gibt: Aus einer Idee wird in sechs Treffen ein Plan mit Zahlen; jemand mit eigener Firma liest mit.
gibt: Steuern, Versicherung, Preise und ein erster Auftritt im Netz, jede Woche ein Thema.
gut: Vor dem ersten Vertrag wissen, ob sich die Idee trägt.
gut: Mit anderen sprechen, die denselben Weg gehen.
woche: Ein Nachmittag in der Gruppe bis {bis} Uhr, ein Termin allein, dazwischen eigene Arbeit.
woche: Dienstag und Donnerstag ab {von} Uhr, dazu Sprechstunden nach Absprache.
mit: Die Idee auf einer Seite und alles, was es an Zahlen schon gibt.
dauer: sechs Wochen / zwei Monate / drei Monate
stunden: 6 / 8 / 10
absicht: Ich will vorher wissen, ob meine Preise stimmen, und nicht erst nach einem Jahr.
absicht: Ich will einen Plan, den auch die Bank versteht.
absicht: Ich will mit jemandem reden, der selbst gegründet hat.
absicht: Ich will entscheiden, ob ich es neben einer Stelle anfange.
wurde: Der Plan steht auf zwölf Seiten. Ich fange klein an, neben einer Stelle.
wurde: Ich habe gerechnet und lasse es vorerst. Das war gut zu wissen.

art: Deutsch
namen: Deutsch für den Beruf / Sprechen im Betrieb / Abendkurs Deutsch
themen: Deutsch lernen
arten: deutsch
gibt: Sprechen, Schreiben und Telefonieren mit Beispielen aus der Arbeit; Prüfung am Ende, wenn Sie möchten.
gibt: Lernen in Gruppen von acht, dazu ein Tandem mit jemandem aus dem Ort.
gut: Im Betrieb mitreden und Anweisungen sicher verstehen.
gut: Die nächste Prüfung vorbereiten, ohne den Tag zu verlieren.
woche: Montag bis Freitag von {von} bis {bis} Uhr, mittwochs Tandem.
woche: Drei Abende in der Woche, samstags freies Sprechen.
mit: Heft und Stift; das Buch wird geliehen.
dauer: vier Monate / sechs Monate / ein Schuljahr
stunden: 20 / 12 / 25
absicht: Ich will am Telefon verstehen, was {betrieb} von mir will.
absicht: Ich will die Prüfung, weil ohne sie mein Beruf nicht anerkannt wird.
absicht: Ich will mit den Kollegen in der Pause reden können.
absicht: Ich will Briefe allein lesen und nicht immer {bekannt} fragen.
wurde: Ich telefoniere jetzt selbst. Die Prüfung ist im nächsten Monat.
wurde: Die Prüfung habe ich bestanden, nur Schreiben war knapp.

art: Arbeit und Familie
namen: Arbeit trotz Stundenplan / Wiedereinstieg am Vormittag / Familie und Beruf
themen: Arbeit und Familie
arten: familie bewerbung
gibt: Plätze, Zeiten und Wege für die Kinder klären, dann Praktikum am Vormittag; Kinderbetreuung ist im Haus.
gibt: Beratung zu Teilzeit, Steuern und Betreuung, Treffen mit Betrieben, die sich nach Stundenplänen richten.
gut: Eine Arbeit finden, die in den Tag der Familie passt.
gut: Ausprobieren, wie ein Vormittag mit Arbeit läuft, solange jemand auf die Kinder schaut.
woche: Dienstag bis Donnerstag von {von} bis {bis} Uhr, in den Schulferien Pause.
woche: Zwei Vormittage Gruppe, ein Termin allein, ab der fünften Woche Praktikum.
mit: Den Stundenplan der Kinder; die Kinder dürfen mitkommen.
dauer: zehn Wochen / drei Monate / ein Schulhalbjahr
stunden: 12 / 15 / 18
absicht: Ich will ausprobieren, ob der Morgen klappt, wenn ich um acht irgendwo sein muss.
absicht: Ich will mit {betrieb} über Teilzeit reden und nicht allein hingehen.
absicht: Ich will einen Platz für die Kleine, der bis zwei Uhr geht.
absicht: Ich will wieder unter Leuten sein, die über Arbeit reden.
wurde: Der Platz für die Kleine ist da, ich arbeite drei Vormittage.
wurde: Der Morgen klappt, wenn wir am Abend packen. Jetzt suche ich weiter.

art: Hauswirtschaft
namen: Hauswirtschaft / Reinigung mit Zeugnis / Haus in Ordnung
themen: Reinigung und Hauswirtschaft
arten: handwerk kenntnisse
gibt: Reinigung, Wäsche und kleine Küche mit Fachkräften, dazu Maschinen und Mittel, die man kennen muss.
gibt: Zeugnis in Gebäudereinigung mit Praxis in einem Betrieb, der hier am Ort arbeitet.
gut: Aus Aushilfe eine Stelle mit festem Vertrag machen.
gut: Lernen, Arbeit so einzuteilen, dass sie den Körper schont.
woche: Montag bis Freitag von {von} bis {bis} Uhr, zwei Tage davon in Häusern am Ort.
woche: Vier Vormittage Praxis, ein Vormittag Unterricht.
mit: Rutschfeste Schuhe; Arbeitskleidung gibt es dort.
dauer: zwei Monate / drei Monate / zehn Wochen
stunden: 20 / 25 / 15
absicht: Ich will ein Zeugnis für das, was ich seit Jahren ohne Papier mache.
absicht: Ich will mit der großen Maschine umgehen können, dann zahlt {betrieb} besser.
absicht: Ich will lernen, mir die Arbeit so einzuteilen, dass ich abends noch kann.
absicht: Ich will einen festen Vertrag und keine Aushilfe mehr.
wurde: Das Zeugnis habe ich, {betrieb} hat mir zwanzig Stunden angeboten.
wurde: Die Maschine kann ich. Der Weg dorthin ist noch das Schwierige.

art: Bewerbungswerkstatt
namen: Bewerbungswerkstatt / Offene Bewerbungsstube / Lebenslauf und Vorstellung
themen: *
arten: bewerbung
gibt: Lebenslauf, Anschreiben und Fotos an einem Nachmittag; das Vorstellungsgespräch wird geübt, so oft Sie möchten.
gibt: Jemand liest mit, druckt aus und ruft mit Ihnen gemeinsam an.
gut: Unterlagen haben, die man abschicken mag.
gut: Vor dem nächsten Gespräch ruhig schlafen.
woche: Dienstag und Donnerstag von {von} bis {bis} Uhr, ohne Termin.
woche: Ein fester Platz an zwei Vormittagen, dazu Telefonate nach Absprache.
mit: Alles, was es an Zeugnissen gibt.
dauer: so lange Sie möchten, höchstens ein halbes Jahr / vier Wochen / sechs Wochen
stunden: 4 / 6 / 8
absicht: Ich will einen Lebenslauf, in dem meine Lücke nicht das Erste ist, was man sieht.
absicht: Ich will das Gespräch bei {betrieb} zweimal üben, bevor ich hingehe.
absicht: Ich will, dass jemand dabei ist, wenn ich anrufe.
absicht: Ich will fünf Bewerbungen wegschicken, mit denen ich einverstanden bin.
wurde: Fünf sind weg, eine Einladung ist da.
wurde: Im Gespräch war ich ruhig. Die Antwort kommt noch.

art: Begleitung
namen: Lotse für Behördenwege / Jemand geht mit / Alltag sortieren
themen: *
arten: begleitung
gibt: Jemand geht mit zu Behörden, sortiert Post und hilft, wenn viele Fristen auf einmal kommen.
gibt: Feste Ansprechperson, Hausbesuche, gemeinsame Wege; die Richtung geben Sie vor.
gut: Den Kopf für die Suche nach Arbeit frei bekommen.
gut: Dinge erledigen, die lange liegen geblieben sind.
woche: Ein bis zwei Termine in der Woche, wann es Ihnen passt, auch draußen.
woche: Montags offene Sprechstunde ab {von} Uhr, sonst nach Absprache.
mit: Die Post, gern ungeöffnet.
dauer: ein halbes Jahr / vier Monate / drei Monate
stunden: 3 / 4 / 5
absicht: Ich will, dass die Post weg ist, damit ich mich um Arbeit kümmern kann.
absicht: Ich will nicht mehr allein zu Terminen, bei denen ich nichts verstehe.
absicht: Ich will die Sache mit den Schulden anfangen, bevor ich Lohn bekomme.
absicht: Ich will in drei Monaten wieder selbst den Überblick haben.
wurde: Die Post ist sortiert, zwei Fristen haben wir noch geschafft.
wurde: Ich gehe jetzt allein hin und rufe nur noch an, wenn es klemmt.

art: Anerkennung
namen: Zeugnisse anerkennen lassen / Abschluss zählt / Beratung zu Abschlüssen
themen: *
arten: abschluss deutsch
gibt: Prüfung, welcher Abschluss hier wie zählt, Übersetzung, Antrag und Begleitung bis zum Bescheid.
gibt: Beratung zum Nachholen eines Schulabschlusses am Abend oder neben der Arbeit.
gut: In dem Beruf arbeiten, den man gelernt hat.
gut: Wissen, was ein fehlender Abschluss an Zeit und Weg kostet, bevor man sich entscheidet.
woche: Ein Termin alle zwei Wochen, dazwischen arbeitet die Stelle für Sie.
woche: Zwei Abende Kurs ab {von} Uhr, ein Termin im Monat allein.
mit: Zeugnisse im Original und als Foto, Ausweis.
dauer: bis zum Bescheid, höchstens ein Jahr / ein halbes Jahr / ein Schuljahr
stunden: 2 / 8 / 10
absicht: Ich will wieder in meinem Beruf arbeiten und nicht als Helfer.
absicht: Ich will wissen, was mir für die Anerkennung noch fehlt.
absicht: Ich will den Abschluss nachholen, abends, neben der Arbeit.
absicht: Ich will ein Papier, das {betrieb} versteht.
wurde: Der Antrag liegt bei der Kammer, eine Prüfung fehlt noch.
wurde: Der Bescheid ist da: teilweise gleichwertig. Jetzt geht es um den Rest.

art: Gesund arbeiten
namen: Kraft für den Tag / Gesund in den Beruf / Rücken, Schlaf, Rhythmus
themen: *
arten: gesund
gibt: Bewegung, Ernährung und Schlaf in kleinen Schritten; eine Fachkraft überlegt mit Ihnen, was am Arbeitsplatz hilft.
gibt: Ein Kurs für den Rücken und Gespräche darüber, welche Arbeit gut tut.
gut: Wieder einen Rhythmus finden, der einen Arbeitstag trägt.
gut: Herausfinden, was man sich zumuten möchte.
woche: Montag, Mittwoch und Freitag von {von} bis {bis} Uhr, zusätzlich ein Gespräch im Monat.
woche: Zwei Vormittage Bewegung, ein Nachmittag Gespräch in kleiner Runde.
mit: Bequeme Kleidung und ein Handtuch.
dauer: zehn Wochen / drei Monate / zwölf Termine
stunden: 6 / 8 / 4
absicht: Ich will morgens wieder aus dem Bett kommen, bevor ich etwas unterschreibe.
absicht: Ich will wissen, welche Arbeit mein Rücken mitmacht.
absicht: Ich will in Bewegung kommen und dabei nicht allein sein.
absicht: Ich will einen Tag, der um sieben anfängt, und das zehn Wochen lang.
wurde: Ich stehe um sieben auf. Sechs Stunden am Tag gehen wieder.
wurde: Heben geht nicht mehr, Sitzen mit Pausen schon. Danach suche ich jetzt.
"""

# The one offer of the house that is open from day one (R3.3-3).
ACADEMY = """
art: Jobakademie
namen: Jobakademie
themen: *
arten: gruppe bewerbung
gibt: In einer Gruppe arbeiten Sie acht Wochen lang daran, was Sie können und wollen und wer in der Gegend sucht.
gut: Mit anderen ins Tun kommen: Betriebe anrufen, Gespräche üben, einander Mut machen.
woche: Drei Treffen in der Woche, vormittags von {von} bis {bis} Uhr, dazu Zeit für eigene Bewerbungen.
mit: Nichts als sich selbst; Rechner und Papier sind da.
dauer: zwei Monate
stunden: 9
absicht: Ich will nicht allein zu Hause suchen, sondern mit anderen, die auch suchen.
absicht: Ich will drei Vormittage in der Woche einen Grund haben, hinauszugehen.
absicht: Ich will in der Gruppe üben, wie ich von mir erzähle.
absicht: Ich will zehn Betriebe anrufen, und jemand soll daneben sitzen.
wurde: Ich habe zehn Betriebe angerufen. Drei wollten mehr wissen.
"""
