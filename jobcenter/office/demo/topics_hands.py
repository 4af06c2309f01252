"""Topics of conversations, first part: crafts, workshop, garden, kitchen. Written for this project."""

TOPICS = """
thema: Holz
betriebe: Ahornhof Möbel / Holzbau Brune & Söller / Werkstatt Nussbaum
arbeit: Helfende Tätigkeit in einer Tischlerei, Teilzeit / Ausbildung im Tischlerhandwerk
will: „Ich will wieder mit Holz arbeiten. Wenn ich abends sehe, was ich gebaut habe, war es ein guter Tag.“
will: „In einer Tischlerei möchte ich den Fuß in die Tür bekommen. Ich fange auch mit Schleifen und Fegen an.“
will: „Ich möchte lernen, wie man Treppen baut. Das ist das, was mir seit Jahren im Kopf herumgeht.“
tut: Baut in der Garage Regale für die Nachbarschaft und hat Fotos von vier Stücken auf dem Telefon gezeigt.
tut: Hat sich von {bekannt_dat} eine Handkreissäge geliehen und übt Zuschnitte an Restholz.
tut: Liest die Aushänge am Baumarkt und hat schon zweimal nach kleinen Aufträgen gefragt.
kann: Bringt eigenes Werkzeug mit: Stecheisen, Hobel, Akkuschrauber, alles gepflegt.
kann: {bekannt} kennt den Meister bei {betrieb} und würde ein gutes Wort einlegen.
kann: Im Dorfgemeinschaftshaus gibt es eine offene Werkstatt, die an zwei Abenden genutzt werden kann.
kann: Rechnen mit Maßen und Winkeln geht leicht von der Hand; beim Zeichnen hilft Millimeterpapier.
blick: Gemeinsam die Betriebe im Umkreis auf der Karte angesehen; {betrieb} ist mit dem Rad zu erreichen.
blick: Besprochen, was in einer Tischlerei morgens um sieben als Erstes zu tun ist und was davon schon bekannt ist.
blick: Die Fotos der eigenen Stücke durchgesehen und drei für eine kleine Mappe ausgesucht.
schritt
plan: Ruft bis {tag} bei {betrieb} an und fragt nach zwei Tagen zur Probe.
wir: Das Jobcenter klärt bis dahin, wie die Fahrt zur Probe bezahlt werden kann.
frage: {betrieb}: Rückruf wegen der Probetage gekommen?
termin: Probetage bei {betrieb} vorbereiten
ergebnis: Der Anruf bei {betrieb} ist gelungen; zwei Probetage sind für die kommende Woche verabredet.
kurz: {betrieb} hat zurückgerufen, die Probetage stehen fest.
schritt
plan: Stellt aus den Fotos der eigenen Stücke eine Mappe mit je einem Satz dazu zusammen.
wir: Wir drucken die Mappe beim nächsten Mal hier im Haus zweimal farbig aus.
frage: Mappe mit den Fotos: ist sie fertig?
termin: Mappe ansehen und ausdrucken
ergebnis: Die Mappe ist fertig: sechs Seiten, zu jedem Stück Holzart, Dauer und was schwierig war.
kurz: Mappe liegt ausgedruckt vor.
schritt
plan: Fragt in der offenen Werkstatt, ob dort ein Hocker nach eigener Zeichnung gebaut werden kann.
wir: Wir fragen beim Dorfgemeinschaftshaus nach den Öffnungszeiten und geben sie weiter.
frage: Offene Werkstatt: Platz bekommen?
termin: Erfahrungen aus der offenen Werkstatt auswerten
ergebnis: Der Hocker steht. Die Leitung der Werkstatt hat angeboten, das Stück im Flur auszustellen.
kurz: Platz in der offenen Werkstatt ist zugesagt.
schritt
plan: Spricht mit {betrieb2} über ein Praktikum von zwei Wochen und bringt die Mappe mit.
wir: Wir schicken die Unterlagen für das Praktikum zu, sobald {betrieb2} zugesagt hat.
frage: {betrieb2}: Praktikum zugesagt?
termin: Praktikum bei {betrieb2}: was ist vorher zu klären?
ergebnis: {betrieb2} nimmt gern für zwei Wochen auf; gearbeitet wird von 7 bis 15 Uhr.
kurz: Zusage von {betrieb2} liegt vor.
schritt
plan: Schreibt auf, welche Maschinen schon bekannt sind und an welcher eine Einweisung fehlt.
wir: Wir suchen heraus, wo ein Maschinenschein in der Nähe gemacht werden kann und wer darüber entscheidet.
frage: Maschinenschein: Auskunft da?
termin: Liste der Maschinen durchgehen
ergebnis: Die Liste ist geschrieben; an Bandsäge und Dickenhobel ist Übung da, an der Fräse noch nicht.
kurz: Auskunft zum Maschinenschein ist da und weitergegeben.

thema: Garten
betriebe: Gartenbau Lindenau / Staudenhof Krull / Grünwerk Harzblick
arbeit: Stelle im Gartenbau, zunächst für die Saison / Pflege von Außenanlagen, 25 Stunden
will: „Draußen arbeiten, bei jedem Wetter. Ich will nicht mehr in Hallen ohne Fenster stehen.“
will: „Ich möchte mit Pflanzen Geld verdienen, am liebsten in einer Staudengärtnerei.“
will: „Bis zum Frühjahr will ich in einem Gartenbetrieb angefangen haben.“
tut: Pflegt seit zwei Jahren eine Parzelle und zieht Jungpflanzen auf der Fensterbank vor.
tut: Mäht für drei Nachbarhäuser den Rasen und hat sich dafür einen Plan an den Kühlschrank gehängt.
tut: Hilft samstags beim Anlegen der Beete am Stadtteiltreff mit.
kann: Kennt viele Stauden beim Namen und weiß, wann sie geteilt werden.
kann: Der Kleingartenverein hat einen Häcksler und verleiht ihn gegen Mithilfe.
kann: {bekannt} fährt jeden Morgen in Richtung {betrieb} und würde mitnehmen.
kann: Wetterfeste Kleidung und feste Schuhe sind vorhanden, ein Führerschein für den kleinen Anhänger auch.
blick: Auf dem Plan von {ort} angesehen, welche Gärten und Höfe zu Fuß erreichbar sind.
blick: Besprochen, wie das Jahr in einem Gartenbetrieb läuft und was im Winter gearbeitet wird.
blick: Aufgeschrieben, was im Kleingarten gelernt wurde und wie das in einer Bewerbung heißen kann.
schritt
plan: Geht bis {tag} bei {betrieb} vorbei und fragt nach Arbeit ab dem Frühjahr.
wir: Wir schreiben eine halbe Seite, die dort abgegeben werden kann.
frage: {betrieb}: wie war der Besuch?
termin: Besuch bei {betrieb} auswerten
ergebnis: Bei {betrieb} war die Leitung selbst da, hat den Betrieb gezeigt und um eine kurze Bewerbung gebeten.
kurz: Besuch hat stattgefunden, eine kurze Bewerbung ist gewünscht.
schritt
plan: Führt zwei Wochen lang ein kleines Gartentagebuch als Probe für eine Bewerbung.
wir: Wir lesen das Tagebuch gemeinsam und suchen drei Sätze daraus aus.
frage: Gartentagebuch: sind zwei Wochen voll?
termin: Gartentagebuch gemeinsam lesen
ergebnis: Das Gartentagebuch hat elf Einträge; besonders genau sind die über das Umsetzen der Rosen.
kurz: Tagebuch ist vollständig, Sätze sind ausgesucht.
schritt
plan: Fragt im Kleingartenverein, ob ein Nachweis über die Mithilfe am Gemeinschaftsgarten möglich ist.
wir: Wir geben ein Muster für einen solchen Nachweis mit.
frage: Nachweis des Vereins: liegt er vor?
termin: Unterlagen für {betrieb2} zusammenstellen
ergebnis: Der Vorstand des Vereins hat die Mithilfe auf einer Seite bestätigt.
kurz: Nachweis des Vereins liegt vor.
schritt
plan: Bewirbt sich bei {betrieb2} und legt zwei Fotos der Parzelle bei.
wir: Wir lesen das Anschreiben vorher noch einmal mit.
frage: {betrieb2}: Antwort auf die Bewerbung?
termin: Vorstellung bei {betrieb2} üben
ergebnis: {betrieb2} lädt zu einem Arbeitstag ein; die Einladung wurde gleich bestätigt.
kurz: Einladung von {betrieb2} ist da.
schritt
plan: Erkundigt sich nach den Zeiten des Frühbusses und schreibt auf, welcher zum Arbeitsbeginn passt.
wir: Wir fragen nach, ob für die ersten Wochen die Fahrkarte übernommen werden kann.
frage: Fahrt zur Arbeit: passt der Frühbus?
termin: Weg zur Arbeit gemeinsam planen
ergebnis: Der Bus um 5:52 Uhr passt; für den Samstag springt {bekannt} ein.
kurz: Fahrt ist geklärt, der Frühbus passt.

thema: Küche
betriebe: Gasthaus Zur Mühlenbrücke / Mensaküche Nordhang / Suppenstube Löffelglück
arbeit: Stelle in einer Gemeinschaftsküche, 30 Stunden / Beiköchin oder Beikoch, früher Dienst
will: „Kochen ist das, was ich kann. Ich will damit wieder eigenes Geld verdienen.“
will: „Ich möchte in einer Küche arbeiten, in der mittags Schluss ist, damit der Nachmittag der Familie gehört.“
will: „Irgendwann will ich eine eigene kleine Suppenküche haben. Anfangen möchte ich in einem Team.“
tut: Kocht jeden Mittwoch im Stadtteiltreff für fünfundzwanzig Leute und schreibt die Einkaufslisten selbst.
tut: Probiert zu Hause Rezepte aus und hat eine Sammlung mit Mengen für große Töpfe angelegt.
tut: Hat bei zwei Gaststätten von sich aus nach Aushilfe gefragt.
kann: Behält auch dann den Überblick, wenn vier Töpfe auf dem Herd stehen.
kann: Der Stadtteiltreff stellt gern ein Schreiben über das Mittwochskochen aus.
kann: Gewohnt, früh aufzustehen; die Haltestelle liegt vor der Tür.
kann: {bekannt} arbeitet bei {betrieb} und erzählt, wie der Tag dort läuft.
blick: Zusammen überlegt, welche Küchen in {ort} mittags schließen; drei Namen stehen auf der Liste.
blick: Besprochen, was zur Belehrung beim Gesundheitsamt mitzubringen ist.
blick: Die Rezeptsammlung angesehen und daraus die Stärken in vier Stichworten aufgeschrieben.
schritt
plan: Meldet sich bis {tag} zur Belehrung nach dem Infektionsschutzgesetz an.
wir: Das Jobcenter klärt, ob die Gebühr übernommen werden kann.
frage: Belehrung: Termin bekommen?
termin: Nach der Belehrung: wohin zuerst bewerben?
ergebnis: Die Belehrung ist gemacht, die Bescheinigung wurde mitgebracht und kopiert zurückgegeben.
kurz: Bescheinigung über die Belehrung liegt vor.
schritt
plan: Fragt bei {betrieb}, ob an einem Vormittag mitgearbeitet werden kann.
wir: Wir rufen auf Wunsch vorher kurz dort an und kündigen den Besuch an.
frage: {betrieb}: Vormittag verabredet?
termin: Vormittag bei {betrieb} auswerten
ergebnis: Der Vormittag bei {betrieb} war lang und gut; am Ende wurde nach der Telefonnummer gefragt.
kurz: Vormittag bei {betrieb} ist verabredet.
schritt
plan: Schreibt für drei eigene Gerichte die Mengen für fünfzig Portionen auf.
wir: Wir tippen die Blätter hier ab, damit sie der Bewerbung beiliegen können.
frage: Rezeptblätter: sind alle drei fertig?
termin: Rezeptblätter abtippen und ausdrucken
ergebnis: Drei Rezeptblätter sind fertig, mit Einkaufspreisen und Zeiten.
kurz: Rezeptblätter sind abgetippt.
schritt
plan: Bringt die Bewerbung persönlich zu {betrieb2} und fragt nach der Küchenleitung.
wir: Wir drucken die Unterlagen aus und stecken sie in eine feste Mappe.
frage: {betrieb2}: Bewerbung abgegeben, Antwort?
termin: Vorstellung bei {betrieb2} vorbereiten
ergebnis: Die Küchenleitung von {betrieb2} hat sich Zeit genommen und einen Probedienst angeboten.
kurz: Probedienst bei {betrieb2} ist angeboten.
schritt
plan: Bittet den Stadtteiltreff um ein Schreiben über das Kochen am Mittwoch.
wir: Wir fügen das Schreiben den Unterlagen bei.
frage: Schreiben des Stadtteiltreffs: ist es da?
termin: Unterlagen vollständig machen
ergebnis: Das Schreiben des Stadtteiltreffs ist herzlich und genau; es liegt der Bewerbung bei.
kurz: Schreiben des Stadtteiltreffs ist eingetroffen.

thema: Lager
betriebe: Harzer Versandhaus Kranich / Logistik Weserbogen / Teilelager Rotkehlchen
arbeit: Kommissionierung, Tagschicht / Stelle im Wareneingang, Vollzeit
will: „Ich will eine feste Schicht und am Monatsende wissen, was kommt.“
will: „Stapler fahren möchte ich lernen. Im Lager ist immer Bewegung, das passt zu mir.“
will: „Ich möchte in ein Team, in dem man sich aufeinander verlassen kann, und dort bleiben.“
tut: Hat sich die Zeiten der Werksbusse selbst besorgt und mit dem Fahrplan verglichen.
tut: Sortiert ehrenamtlich die Spenden im Sozialkaufhaus und kennt die Scanner dort.
tut: Übt mit einer kostenlosen App die Fragen für den Staplerschein.
kann: Räumt gern auf und findet für alles einen Platz; das sagen auch andere.
kann: {bekannt} arbeitet in der Nachtschicht bei {betrieb} und weiß, wann eingestellt wird.
kann: Vom Sozialkaufhaus gibt es eine gute Rückmeldung über Pünktlichkeit und Genauigkeit.
kann: Ein Fahrrad mit Licht ist da, der Weg zum Gewerbegebiet dauert zwanzig Minuten.
blick: Die Stellen im Gewerbegebiet durchgesehen und nach Schichtzeiten geordnet.
blick: Aufgeschrieben, welche Wege ohne Auto zu welcher Schicht möglich sind.
blick: Besprochen, was im Sozialkaufhaus gelernt wurde und wie es in einem Lager gebraucht wird.
schritt
plan: Bewirbt sich bis {tag} über das Formular von {betrieb} auf die Tagschicht.
wir: Wir stellen dafür einen Platz am Rechner im Erdgeschoss zur Verfügung.
frage: {betrieb}: Antwort auf die Bewerbung?
termin: Bewerbung bei {betrieb} gemeinsam abschicken
ergebnis: Die Bewerbung bei {betrieb} ist abgeschickt, die Bestätigung kam am selben Tag.
kurz: Bewerbung bei {betrieb} ist bestätigt.
schritt
plan: Fragt im Sozialkaufhaus nach einem Zeugnis über die Mitarbeit.
wir: Wir lesen das Zeugnis mit und erklären, was die Formulierungen bedeuten.
frage: Zeugnis vom Sozialkaufhaus: schon bekommen?
termin: Zeugnis gemeinsam lesen
ergebnis: Das Zeugnis des Sozialkaufhauses liegt vor und ist durchweg gut.
kurz: Zeugnis liegt vor.
schritt
plan: Sammelt die Fragen zum Staplerschein, die noch unklar sind.
wir: Wir fragen, welche Angebote für den Staplerschein es gibt und wann sie beginnen; gewählt wird frei.
frage: Staplerschein: Angebote herausgesucht?
termin: Angebote für den Staplerschein ansehen
ergebnis: Zwei Angebote für den Staplerschein wurden verglichen; das in {ort} passt besser zu den Busverbindungen.
kurz: Auskunft zu den Angeboten ist da.
schritt
plan: Sieht sich {betrieb2} beim Tag der offenen Tür an und spricht die Schichtleitung an.
wir: Wir geben eine Seite mit Fragen mit, die dort gestellt werden können.
frage: {betrieb2}: wie war der Tag der offenen Tür?
termin: Tag der offenen Tür auswerten
ergebnis: Bei {betrieb2} gab es ein gutes Gespräch mit der Schichtleitung; gesucht wird ab dem nächsten Monat.
kurz: Besuch bei {betrieb2} war gut, Bewerbung folgt.
schritt
plan: Probiert die Fahrt zum Gewerbegebiet einmal zur Zeit der Frühschicht aus.
wir: Wir klären, ob eine Monatskarte für den Anfang übernommen werden kann.
frage: Fahrt zur Frühschicht: ausprobiert?
termin: Wege und Zeiten abgleichen
ergebnis: Die Fahrt zur Frühschicht wurde ausprobiert: mit dem Rad bis zum Bahnhof, von dort mit dem Werksbus.
kurz: Fahrt ist ausprobiert und passt.

thema: Friseurhandwerk
betriebe: Salon Scherenschnitt / Haarwerk am Markt / Friseurteam Lockenpracht
arbeit: Stelle im Salon, zunächst halbtags / Ausbildung im Friseurhandwerk
will: „Ich will Haare schneiden. Das wollte ich schon als Kind, und jetzt ist die Zeit dafür.“
will: „Meine Ausbildung möchte ich zu Ende bringen. Ein Jahr fehlt noch.“
will: „Ich möchte in einem Salon arbeiten, in dem man sich für die Leute Zeit nimmt.“
tut: Schneidet im Freundeskreis Haare und hat von jeder Frisur ein Bild gemacht.
tut: Übt am Übungskopf Flechten und Hochstecken, jeden Abend eine halbe Stunde.
tut: Hat in zwei Salons nach einem Probenachmittag gefragt.
kann: Ruhige Hände und ein Blick dafür, was jemandem steht.
kann: Scheren, Kämme und Übungskopf sind vorhanden.
kann: {bekannt} hat die Meisterprüfung und schaut sich die Übungen einmal in der Woche an.
kann: Spricht drei Sprachen; in {ort} hilft das im Salon jeden Tag.
blick: Die Bilder der Frisuren angesehen und sechs für eine Mappe ausgewählt.
blick: Besprochen, welche Wege es zum Abschluss gibt und wer worüber entscheidet.
blick: Die Salons im Ort nach Öffnungszeiten und Wegen durchgesehen.
schritt
plan: Geht bis {tag} zu {betrieb} und bittet um einen Probenachmittag.
wir: Wir üben vorher, wie das Gespräch an der Theke beginnen kann.
frage: {betrieb}: Probenachmittag verabredet?
termin: Probenachmittag bei {betrieb} auswerten
ergebnis: Der Probenachmittag bei {betrieb} war gelungen; Waschen und Föhnen lief selbstständig.
kurz: Probenachmittag bei {betrieb} ist verabredet.
schritt
plan: Stellt eine Mappe mit sechs Frisuren zusammen, je mit einem Satz zur Technik.
wir: Wir drucken die Mappe in Farbe aus.
frage: Mappe mit den Frisuren: fertig?
termin: Mappe ansehen
ergebnis: Die Mappe ist fertig und sieht sehr ordentlich aus.
kurz: Mappe ist ausgedruckt.
schritt
plan: Fragt bei der Kammer nach, welche Zeiten auf die Ausbildung angerechnet werden.
wir: Wir geben die Telefonnummer und die Fragen schriftlich mit.
frage: Kammer: Auskunft zur Anrechnung da?
termin: Auskunft der Kammer besprechen
ergebnis: Die Kammer rechnet die bisherigen Zeiten an, es braucht noch einen Betrieb.
kurz: Auskunft der Kammer liegt vor: Zeiten werden angerechnet.
schritt
plan: Bewirbt sich bei {betrieb2} für das fehlende Ausbildungsjahr.
wir: Wir lesen das Anschreiben mit und drucken es aus.
frage: {betrieb2}: Antwort da?
termin: Vorstellung bei {betrieb2} üben
ergebnis: {betrieb2} möchte sich in der nächsten Woche treffen; Datum und Uhrzeit stehen fest.
kurz: {betrieb2} hat zu einem Treffen eingeladen.
schritt
plan: Fragt im Seniorentreff, ob an einem Nachmittag im Monat Haare geschnitten werden dürfen.
wir: Wir klären, was bei einem Ehrenamt zu beachten ist.
frage: Seniorentreff: erster Nachmittag gewesen?
termin: Nachmittag im Seniorentreff auswerten
ergebnis: Der Nachmittag im Seniorentreff war voll; es gab Dank und zwei neue Kontakte.
kurz: Seniorentreff hat zugesagt.

thema: Fahrdienst
betriebe: Fahrdienst Rosenbusch / Busbetrieb Wiesental / Kurier Schneehase
arbeit: Fahrdienst, morgens und nachmittags / Busfahren im Linienverkehr
will: „Ich will fahren. Hinter dem Lenkrad bin ich ruhig und zuverlässig.“
will: „Den Busführerschein möchte ich machen und dann hier in der Gegend fahren.“
will: „Menschen sicher ans Ziel bringen, das möchte ich als Beruf.“
tut: Fährt im Verein die Jugend zu den Spielen und führt die Liste der Fahrten.
tut: Hat sich bei zwei Busbetrieben nach den Bedingungen für den Schein erkundigt.
tut: Übt mit einem geliehenen Buch die Fragen für den Personenbeförderungsschein.
kann: Kennt jede Straße zwischen {ort} und den Dörfern.
kann: Führerschein seit vielen Jahren, das Punktekonto ist leer.
kann: Der Verein bestätigt gern, wie verlässlich die Fahrten waren.
kann: {bekannt} fährt bei {betrieb} und nimmt einmal auf einer Tour mit.
blick: Besprochen, welche Scheine für Fahrdienst, Taxi und Linienbus gebraucht werden.
blick: Gemeinsam ausgerechnet, welche Dienste zu den eigenen Zeiten passen.
blick: Angesehen, wer über die Kosten eines Führerscheins entscheidet und was dafür gebraucht wird.
schritt
plan: Spricht bis {tag} mit {betrieb} über eine Probefahrt.
wir: Wir schicken {betrieb} auf Wunsch vorab den Lebenslauf.
frage: {betrieb}: Probefahrt verabredet?
termin: Probefahrt bei {betrieb} auswerten
ergebnis: Die Probefahrt bei {betrieb} ist gut verlaufen; gelobt wurde der ruhige Umgang mit den Fahrgästen.
kurz: Probefahrt ist verabredet.
schritt
plan: Beantragt bei der Gemeinde das Führungszeugnis.
wir: Wir geben die Bescheinigung mit, dass es für eine Bewerbung gebraucht wird.
frage: Führungszeugnis: eingetroffen?
termin: Unterlagen für den Personenbeförderungsschein
ergebnis: Das Führungszeugnis wurde beantragt und ist unterwegs zum Betrieb.
kurz: Führungszeugnis ist beantragt.
schritt
plan: Bittet den Verein um ein Schreiben über die Fahrten der letzten zwei Jahre.
wir: Wir nehmen das Schreiben in die Unterlagen auf.
frage: Schreiben des Vereins: ist es da?
termin: Bewerbung für {betrieb2} fertig machen
ergebnis: Der Verein hat die Fahrten schriftlich bestätigt, einundvierzig in zwei Jahren.
kurz: Schreiben des Vereins ist da.
schritt
plan: Bewirbt sich bei {betrieb2} für die Touren am Morgen.
wir: Wir klären, wie die Zeit zwischen den Touren angerechnet wird.
frage: {betrieb2}: Antwort zur Morgentour?
termin: Angebot von {betrieb2} durchrechnen
ergebnis: {betrieb2} bietet zunächst die Morgentour an, fünf Tage in der Woche.
kurz: {betrieb2} hat die Morgentour angeboten.
schritt
plan: Sammelt zu Hause alle Nachweise: Führerschein, Erste Hilfe, Sehtest.
wir: Wir suchen einen Kurs in Erster Hilfe in der Nähe heraus.
frage: Erste Hilfe: Kurs gefunden?
termin: Nachweise gemeinsam durchsehen
ergebnis: Alle Nachweise liegen in einer Hülle bereit; der Kurs in Erster Hilfe ist gebucht.
kurz: Kurs in Erster Hilfe ist gebucht.
"""
