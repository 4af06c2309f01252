"""What people agree on, topic by topic: goals, their link to work, will, resources. Written for this project.

`ziel`, `bezug`, `wille`: in the words of the person. `andere`: somebody else, and what they do. `p`, `s`, `m`, `o`:
resources of the four fields; behind `o` stands which kind of place it is (places.KINDS).
"""

TOPICS = """
thema: Holz
ziel: Ich arbeite {bis} an zwei Tagen bei {betrieb} zur Probe.
ziel: Meine Mappe ist {bis} fertig, und {betrieb2} hat sie gesehen.
ziel: Ich habe {bis} den Maschinenschein oder weiß wenigstens, wann ich ihn machen kann.
ziel: Ich fange in einer Tischlerei an, auch wenn es zuerst nur zwanzig Stunden sind.
bezug: Tischlereien stellen Leute ein, die sie schon an der Hobelbank gesehen haben. Deshalb die Probetage.
bezug: Mit der Mappe kann ich zeigen, was ich kann. Zeugnisse habe ich dafür keine.
bezug: Wer die Maschinen bedienen darf, bekommt eine Stelle und nicht nur Aushilfe.
wille: Ich will jeden Tag an der Hobelbank stehen. Das Fegen gehört für mich dazu.
wille: Ich will in einem Betrieb lernen, wie man Treppen rechnet und baut, nicht mehr allein in der Garage.
wille: Ich will bei {betrieb} bleiben können, wenn die Probe gut läuft.
andere: {betrieb} | Nimmt zwei Tage zur Probe auf und sagt danach, was noch zu üben ist.
andere: Tischlerei Weber | Zeigt an einem Samstag die Fräse und erklärt die Einweisung.
andere: Dorfgemeinschaftshaus | Hält an zwei Abenden einen Platz in der offenen Werkstatt frei.
p: Ich sehe auf einen halben Zentimeter, ob etwas gerade ist.
p: Ich bleibe an einem Stück dran, bis es stimmt.
s: {bekannt} versteht etwas von Holz und schaut meine Stücke an.
m: Stecheisen, Hobel und Akkuschrauber gehören mir.
o: werkstatt | In der offenen Werkstatt darf ich an zwei Abenden an die Bandsäge.

thema: Garten
ziel: Ich arbeite {bis} in einem Gartenbetrieb, am liebsten bei {betrieb}.
ziel: Ich habe {bis} eine Bewerbung mit Fotos von meiner Parzelle abgegeben.
ziel: Ich weiß {bis}, welcher Betrieb auch im Winter Arbeit hat.
ziel: Der Weg zur Arbeit steht: Ich komme um sechs Uhr morgens dort an.
bezug: Im Frühjahr wird eingestellt. Wer vorher vorbeigekommen ist, wird angerufen.
bezug: Was ich in der Parzelle mache, ist genau das, was dort gearbeitet wird, nur kleiner.
bezug: Ohne Bus oder Mitfahrt gibt es keine Stelle im Gartenbau, deshalb fängt es damit an.
wille: Ich will das ganze Jahr draußen arbeiten, auch im November.
wille: Ich will Stauden ziehen und wissen, was ich damit verdiene.
wille: Ich will in einen Betrieb, in dem ich den kleinen Anhänger fahren darf.
andere: {betrieb} | Meldet sich, sobald feststeht, wie viele Leute im Frühjahr gebraucht werden.
andere: Kleingartenverein | Schreibt den Nachweis über die Mithilfe am Gemeinschaftsgarten.
p: Ich kenne mehr als hundert Stauden mit Namen.
p: Regen macht mir nichts, ich ziehe mich richtig an.
s: {bekannt} nimmt mich morgens mit, wenn der Bus nicht fährt.
m: Feste Schuhe, Regenzeug und eine gute Schere sind da.
o: garten | Im Kleingartenverein lerne ich von Leuten, die das seit vierzig Jahren machen.

thema: Küche
ziel: Ich arbeite {bis} einen Vormittag bei {betrieb} mit.
ziel: Ich habe {bis} eine Stelle in einer Küche, in der mittags Schluss ist.
ziel: Meine Rezeptblätter liegen {bis} bei {betrieb2} auf dem Tisch.
ziel: Ich koche für andere und bekomme Lohn dafür, zuerst mit fünfzehn Stunden.
bezug: In Küchen wird ausprobiert, nicht gelesen. Ein Vormittag zählt mehr als zehn Bewerbungen.
bezug: Die Belehrung brauche ich für jede Stelle in der Küche.
bezug: Das Mittwochskochen ist schon Arbeit für fünfundzwanzig Leute; jetzt soll es bezahlte werden.
wille: Ich will in einem Team kochen, das zusammen isst, bevor die Gäste kommen.
wille: Ich will früh anfangen und nachmittags für meine Familie da sein.
wille: Ich will lernen, wie man Mengen und Preise rechnet, damit es später meine eigene Küche wird.
andere: {betrieb} | Lässt einen Vormittag mitarbeiten und gibt ehrlich Bescheid.
andere: Stadtteiltreff | Schreibt eine Seite über das Kochen am Mittwoch.
p: Vier Töpfe zugleich bringen mich nicht aus der Ruhe.
p: Ich stehe gern früh auf.
s: {bekannt} arbeitet in einer Küche und erzählt mir, worauf es ankommt.
m: Meine Messer sind scharf und gehören mir.
o: treff | Im Stadtteiltreff koche ich mittwochs, dort kennt man mich.

thema: Lager
ziel: Ich habe {bis} eine feste Schicht, am liebsten die Tagschicht bei {betrieb}.
ziel: Ich weiß {bis}, welches Angebot für den Staplerschein zu meinem Weg passt.
ziel: Ich fange {bis} im Wareneingang an, die Fahrt ist geklärt.
ziel: Das Zeugnis vom Sozialkaufhaus liegt jeder Bewerbung bei.
bezug: Mit dem Staplerschein sind im Gewerbegebiet doppelt so viele Stellen offen.
bezug: Eine feste Schicht ist das, was ich brauche, um davon zu leben.
bezug: Im Sozialkaufhaus arbeite ich schon mit dem Scanner, das ist in jedem Lager gleich.
wille: Ich will eine Arbeit, bei der ich am Monatsende nicht rechnen muss, ob es reicht.
wille: Ich will Stapler fahren und dafür auch samstags lernen.
wille: Ich will bei {betrieb} anfangen, weil ich dort schon Leute kenne.
andere: {betrieb} | Gibt bis Monatsende Bescheid, ob in der Tagschicht ein Platz frei wird.
andere: Sozialkaufhaus | Schreibt das Zeugnis und nennt den Umgang mit dem Scanner.
p: Ich behalte Nummern und Plätze gut im Kopf.
p: Auf mich kann sich ein Team verlassen, auch um sechs Uhr.
s: {bekannt} sagt mir Bescheid, wenn eingestellt wird.
m: Mein Fahrrad hat Licht und ist in Ordnung.
o: sozialkaufhaus | Im Sozialkaufhaus kann ich zwei Tage in der Woche mitarbeiten.

thema: Friseurhandwerk
ziel: Ich arbeite {bis} einen Nachmittag bei {betrieb} zur Probe.
ziel: Ich habe {bis} einen Betrieb für das Jahr, das mir noch fehlt.
ziel: Meine Mappe mit sechs Frisuren ist {bis} in zwei Salons gewesen.
ziel: Die Kammer hat mir {bis} geschrieben, was angerechnet wird.
bezug: Nur mit dem letzten Jahr habe ich den Abschluss, und mit dem Abschluss die Stelle.
bezug: Im Salon entscheidet die Probe. Bilder helfen, damit es dazu kommt.
bezug: Haare schneiden ist der Beruf, in dem ich eine Stelle finde, bei der ich bleibe.
wille: Ich will die Prüfung machen, auch wenn ich noch einmal zur Berufsschule gehe.
wille: Ich will in einem Salon stehen, in dem ich die Leute mit Namen kenne.
wille: Ich will jede Woche besser werden im Hochstecken und das auch zeigen.
andere: {betrieb} | Sieht sich die Mappe an und nennt einen Nachmittag.
andere: Handwerkskammer | Schreibt, welche Zeiten auf die Ausbildung angerechnet werden.
p: Ich sehe, was jemandem steht, und sage es freundlich.
p: Ich habe ruhige Hände, auch wenn es voll ist.
s: {bekannt} schaut jede Woche auf meine Übungen.
m: Scheren, Kämme und zwei Übungsköpfe sind da.
o: treff | Im Stadtteiltreff darf ich einmal im Monat Haare schneiden.

thema: Fahrdienst
ziel: Ich fahre {bis} eine Probetour bei {betrieb} mit.
ziel: Ich habe {bis} alle Nachweise für den Personenbeförderungsschein zusammen.
ziel: Ich fahre {bis} die Morgentour, fünf Tage in der Woche.
ziel: Ich weiß {bis}, wer über den Busführerschein entscheidet und was dafür gebraucht wird.
bezug: Fahrerinnen und Fahrer werden hier überall gesucht. Mir fehlen nur die Scheine.
bezug: Die Morgentour ist bezahlte Arbeit und zeigt, dass ich verlässlich bin.
bezug: Ohne Führungszeugnis und Erste Hilfe darf mich niemand einstellen.
wille: Ich will den Linienbus durch die Dörfer fahren, in denen ich jede Kurve kenne.
wille: Ich will Menschen fahren, nicht Pakete.
wille: Ich will morgens die Ersten sein, die unterwegs sind, und dafür lerne ich jetzt die Fragen.
andere: {betrieb} | Nimmt einmal auf einer ganzen Tour mit.
andere: Sportverein | Bestätigt die Fahrten der letzten zwei Jahre.
p: Am Steuer bleibe ich ruhig, auch wenn hinten gestritten wird.
p: Ich bin noch nie zu spät losgefahren.
s: {bekannt} fährt selbst und beantwortet mir jede Frage.
m: Führerschein seit Jahren, das Punktekonto ist leer.
o: sport | Im Sportverein fahre ich die Jugend, dafür gibt es ein Schreiben.

thema: Pflege und Alltagshilfe
ziel: Ich bin {bis} zwei Tage bei {betrieb} gewesen und weiß, ob es passt.
ziel: Mein Zeugnis ist {bis} beglaubigt und der Antrag unterwegs.
ziel: Ich beginne die Ausbildung im Sommer, am liebsten bei {betrieb2}.
ziel: Ich arbeite {bis} als Alltagsbegleitung, vormittags.
bezug: Wer hineingeschaut hat, bekommt leichter einen Platz, und ich weiß dann, worauf ich mich einlasse.
bezug: Mit der Anerkennung darf ich in dem Beruf arbeiten, den ich gelernt habe.
bezug: Begleiten kann ich schon. Mit der Ausbildung wird daraus ein Beruf mit Tariflohn.
wille: Ich will bei den alten Leuten bleiben, nicht im Büro landen.
wille: Ich will die Ausbildung schaffen und lerne dafür jeden Abend Fachwörter.
wille: Ich will einen Dienst, nach dem ich noch Kraft für meine Kinder habe.
andere: {betrieb} | Nimmt für zwei Tage auf und stellt jemanden zur Seite.
andere: Nachbarschaftsverein | Bestätigt die Nachmittage im Besuchsdienst.
p: Ich höre zu und merke mir, was jemandem wichtig ist.
p: Ich werde nicht ungeduldig.
s: {bekannt} kennt den Beruf und sagt mir ehrlich, wie es ist.
m: Die Vormittage sind frei, die Betreuung der Kinder steht.
o: nachbar | Bei der Nachbarschaftshilfe bin ich im Besuchsdienst.

thema: Verkauf
ziel: Ich habe {bis} einen Probevormittag bei {betrieb}.
ziel: Ich arbeite {bis} zwanzig Stunden im Verkauf, vormittags.
ziel: Ich kann mich {bis} in drei Sätzen vorstellen, ohne Zettel.
ziel: Ich war {bis} in sieben Läden und habe überall nach der Leitung gefragt.
bezug: In den Läden hier wird gefragt, wer schon einmal verkauft hat. Der Marktstand zählt.
bezug: Zwanzig Stunden am Vormittag sind das, was zu meinem Alltag passt, und davon kann ich leben lernen.
bezug: Wer sich gut vorstellt, kommt bis zur Leitung durch.
wille: Ich will hinter einer Theke stehen und die Leute begrüßen.
wille: Ich will Brot oder Gemüse verkaufen, etwas Richtiges.
wille: Ich will an die Kasse, dafür übe ich jetzt.
andere: {betrieb} | Nennt einen Vormittag zur Probe.
andere: Marktstand am Rathaus | Bestätigt die Samstage und das Rechnen an der Kasse.
p: Ich rechne im Kopf schneller als die Kasse.
p: Ich bleibe freundlich, auch bei einer langen Schlange.
s: {bekannt} hört zuerst, wenn bei {betrieb} jemand geht.
m: Die Läden liegen so, dass ich zu Fuß hinkomme.
o: treff | Im Stadtteiltreff übe ich das Vorstellen mit anderen.

thema: Büro
ziel: Ich habe {bis} zwei Wochen Praktikum im Empfang bei {betrieb2}.
ziel: Ich schreibe {bis} sicher Serienbriefe und kann einen vorzeigen.
ziel: Ich arbeite {bis} halbtags in einer Verwaltung.
ziel: Bei {betrieb} habe ich {bis} nachgefragt und eine Antwort bekommen.
bezug: In Büros wird nach Programmen gefragt. Wenn ich sie kann, passt der Rest.
bezug: Über ein Praktikum sieht man mich und nicht nur die Jahre im Lebenslauf.
bezug: Die Kasse im Verein ist Büroarbeit. Das soll jetzt auch in der Bewerbung stehen.
wille: Ich will einen Schreibtisch, an dem ich mitdenken darf.
wille: Ich will wieder am Telefon sein und den Leuten weiterhelfen.
wille: Ich will die neuen Programme beherrschen, bevor ich anfange.
andere: {betrieb2} | Sagt zu, ob das Praktikum am Ersten beginnen kann.
andere: Stadtbücherei | Hält dienstags einen Platz im Kurs frei.
p: In meinen Papieren finde ich jedes Blatt.
p: Ich schreibe fehlerfrei, auch wenn es schnell gehen muss.
s: {bekannt} liest meine Anschreiben, bevor sie abgehen.
m: Ein eigener Rechner steht zu Hause.
o: buecherei | In der Bücherei gibt es Rechner, Drucker und dienstags den Kurs.

thema: Computer und Netze
ziel: Ich mache {bis} zwei Wochen Praktikum bei {betrieb}.
ziel: Meine Seite mit drei Arbeitsproben ist {bis} im Netz.
ziel: Ich bin {bis} beim Auswahltag von {betrieb2} dabei gewesen.
ziel: Ich habe {bis} ein Zeugnis vom Reparaturcafé in der Hand.
bezug: Arbeitsproben zählen in dem Beruf mehr als Noten.
bezug: Im Praktikum zeige ich, dass ich Fehler finde, und daraus kann ein Ausbildungsplatz werden.
bezug: Neunzehn reparierte Notebooks sind Berufserfahrung, wenn sie jemand bestätigt.
wille: Ich will den ganzen Tag Fehler suchen dürfen, das ist das Schönste daran.
wille: Ich will programmieren lernen, richtig, mit Abschluss.
wille: Ich will anderen erklären, wie ihre Geräte funktionieren, und davon leben.
andere: {betrieb} | Gibt eine kleine Aufgabe mit und sieht sich die Lösung an.
andere: Reparaturcafé | Schreibt ein Zeugnis und nennt die reparierten Geräte.
p: Ich gebe nicht auf, bevor der Fehler gefunden ist.
p: Ich kann Technik ohne Fachwörter erklären.
s: {bekannt} arbeitet in dem Beruf und sieht sich meine Seite an.
m: Ein schneller Anschluss und ein ruhiger Platz sind da.
o: repcafe | Im Reparaturcafé habe ich Werkzeug, Ersatzteile und gute Leute um mich.

thema: Schule und Betreuung
ziel: Ich war {bis} drei Tage bei {betrieb} dabei.
ziel: Ich bin {bis} für den Übungsleiterschein angemeldet.
ziel: Die Bewerbung an der Fachschule ist {bis} abgegeben, mit einem Platz für die Praxis.
ziel: Ich arbeite {bis} im Ganztag mit, an drei Nachmittagen.
bezug: Mit dem Schein darf ich Gruppen leiten, und dafür werde ich im Ganztag eingestellt.
bezug: Die Ausbildung führt zu einer Stelle, die es in jedem Ort gibt.
bezug: Schulen nehmen Leute, die schon einmal da waren und wiederkommen.
wille: Ich will mit Kindern nach draußen gehen und ihnen etwas zutrauen.
wille: Ich will die Ausbildung anfangen, auch wenn alle anderen jünger sind.
wille: Ich will Theater mit Kindern machen, am Nachmittag, fest angestellt.
andere: {betrieb} | Nennt drei Tage und eine Ansprechperson.
andere: Turnverein | Bezahlt den Übungsleiterschein und meldet dafür an.
p: Bei mir hören auch die Wilden zu.
p: Ich kann zehn Lieder auf der Gitarre.
s: {bekannt} kennt die Leitung von {betrieb} und fragt einmal nach.
m: Gitarre und eine Kiste voll Bastelzeug.
o: familie | Im Familienzentrum kann ich einen Nachmittag selbst gestalten.

thema: Ausbildung finden
ziel: Ich habe {bis} eine Woche bei {betrieb} mitgearbeitet.
ziel: Ich habe mich {bis} zwischen zwei Berufen entschieden.
ziel: Im Sommer fange ich an, drei Bewerbungen sind {bis} abgeschickt.
ziel: Mein neuer Lebenslauf ist {bis} fertig, die Feuerwehr steht drin.
bezug: Eine Ausbildung ist der Weg in einen Beruf, und Betriebe nehmen die, die sie kennen.
bezug: Erst wenn ich mich entschieden habe, kann ich mich richtig bewerben.
bezug: Rechnen brauche ich für die Berufsschule, sonst wird es im ersten Jahr eng.
wille: Ich will diesen Sommer anfangen, darum rufe ich die Betriebe jetzt selbst an.
wille: Ich will etwas mit Strom machen, das weiß ich nach der Woche bei {betrieb} genau.
wille: Ich will eine Ausbildung zu Ende machen und meinen Eltern das Zeugnis zeigen.
andere: {betrieb} | Sagt nach der Woche, ob ein Ausbildungsplatz möglich ist.
andere: Berufsberatung | Sieht den Lebenslauf durch und nennt freie Plätze.
p: Ich komme lieber zehn Minuten zu früh.
p: Ich packe an und frage nach.
s: Bei der Feuerwehr gibt es Leute mit eigenen Betrieben.
m: Mit dem Moped komme ich auch auf die Dörfer.
o: mgh | Im Mehrgenerationenhaus hilft mir mittwochs jemand beim Rechnen.

thema: Selbstständigkeit
ziel: Meine zwei Seiten zum Vorhaben sind {bis} geschrieben.
ziel: Ich habe {bis} an drei Samstagen bei {betrieb} mitgearbeitet und weiß, wie man dort rechnet.
ziel: Ich weiß {bis}, wie viele Aufträge ich im Monat brauche.
ziel: Der Raum im Haus ist {bis} besprochen: Preis, Licht, Strom.
bezug: Das eigene Geschäft soll mich ernähren. Ob das geht, zeigt erst die Rechnung.
bezug: Bei {betrieb} lerne ich Einkauf und Kasse, und wenn es nichts wird, ist es eine Stelle.
bezug: Die Beratung der Kammer will ein Vorhaben auf Papier, bevor sie etwas sagt.
wille: Ich will mein Geschäft im nächsten Jahr anmelden, zuerst neben einer kleinen Stelle.
wille: Ich will rechnen lernen wie jemand, der einen Laden führt.
wille: Ich will vom Nähen und Reparieren leben und niemandem etwas schulden.
andere: {betrieb} | Lässt an drei Samstagen in Einkauf und Kasse hineinsehen.
andere: Gründungsberatung der Kammer | Liest die zwei Seiten und stellt ihre Fragen dazu.
p: Ich verhandle gern und halte, was ich zusage.
p: Ich führe seit zwei Jahren Buch über alles.
s: {bekannt} hat einen Laden und zeigt mir die Buchführung.
m: Maschine, Werkzeug und Stoffe für den Anfang sind da.
o: beratung | Bei der Beratungsstelle kann ich einmal im Monat Fragen zum Gewerbe stellen.

thema: Deutsch lernen
ziel: Ich bin {bis} in der Volkshochschule eingestuft und angemeldet.
ziel: Ich habe {bis} drei Telefongespräche auf Deutsch allein geführt.
ziel: Ich arbeite {bis} an zwei Vormittagen bei {betrieb} mit.
ziel: Meine Zeugnisse sind {bis} übersetzt und liegen bei der richtigen Stelle.
bezug: Für meinen Beruf brauche ich die Prüfung. Arbeiten und lernen geht zusammen schneller.
bezug: Am Arbeitsplatz lerne ich die Wörter, die im Kurs nicht vorkommen.
bezug: Mit den übersetzten Zeugnissen kann ich mich in meinem Beruf bewerben.
wille: Ich will in meinem Beruf arbeiten und dafür die Prüfung bestehen.
wille: Ich will selbst telefonieren und niemanden mehr bitten müssen.
wille: Ich will vormittags arbeiten und abends lernen, beides.
andere: {betrieb} | Lässt an zwei Vormittagen mitarbeiten und spricht dabei Deutsch.
andere: Volkshochschule | Nennt nach der Einstufung den passenden Kurs.
p: Ich traue mich zu fragen, auch dreimal.
p: Ich spreche noch zwei andere Sprachen.
s: {bekannt} übt mit mir das Telefonieren.
m: Ein Wörterheft und ein Telefon mit Übersetzung.
o: sprachcafe | Donnerstags bin ich im Sprachcafé, dort habe ich zwei Lernpartnerschaften.

thema: Arbeit und Familie
ziel: Ich arbeite {bis} an drei Vormittagen bei {betrieb}.
ziel: Ich habe {bis} einen Platz in der Kita, der bis vierzehn Uhr reicht.
ziel: Ich war {bis} einen Vormittag bei {betrieb2} zur Probe.
ziel: Mein Lebenslauf ist {bis} neu, mit dem Basar darin.
bezug: Drei feste Vormittage sind eine Stelle. Danach kann ich aufstocken.
bezug: Erst wenn das Abholen steht, kann ich einem Betrieb feste Zeiten zusagen.
bezug: Der Basar zeigt, dass ich planen kann. Das suchen die Betriebe.
wille: Ich will eigenes Geld verdienen und mittags am Tisch sitzen.
wille: Ich will wieder etwas lernen, nicht nur organisieren.
wille: Ich will mit achtzehn Stunden anfangen und dann mehr werden lassen.
andere: {betrieb} | Sagt, welche Vormittage möglich sind.
andere: Kita | Gibt Bescheid, ab wann der Platz bis vierzehn Uhr frei ist.
p: Ich plane weit voraus und vergesse nichts.
p: Ich bringe vierzig Leute dazu, pünktlich ihren Tisch aufzubauen.
s: Die Elterngruppe springt ein, wenn die Kita früher schließt.
m: Ein Auto, das mittwochs und freitags frei ist.
o: familie | Im Familienzentrum gibt es einen Mittagstisch und ein Spielzimmer.

thema: Reinigung und Hauswirtschaft
ziel: Ich arbeite {bis} einen Morgen bei {betrieb} zur Probe.
ziel: Ich habe {bis} ein Objekt, zu dem ich laufen kann, mit festem Vertrag.
ziel: Ich weiß {bis}, wie man bei {betrieb2} in die Vorarbeit kommt.
ziel: Die Pension hat mir {bis} die Aushilfe bestätigt.
bezug: Ein Vertrag mit festen Stunden ist der Anfang, die Vorarbeit ist der nächste Schritt.
bezug: Wer sich in einem Objekt auskennt, wird übernommen.
bezug: Aus der Aushilfe in der Pension kann eine Stelle werden, wenn ich sie nachweisen kann.
wille: Ich will ein kleines Team anleiten und morgens den Plan machen.
wille: Ich will eine Stelle, zu der ich zu Fuß gehe, und einen Vertrag ohne Ende.
wille: Ich will in der Pension bleiben, mit den Gästen reden, das kann ich.
andere: {betrieb} | Nennt einen Morgen und ein Objekt.
andere: Pension Waldkauz | Schreibt eine Bestätigung über die Aushilfe.
p: Ich sehe, was zu tun ist, ohne dass es jemand sagt.
p: Ich bin schnell und trotzdem gründlich.
s: {bekannt} kennt die Objekte und die Leute dort.
m: Früh um fünf bin ich schon wach, der Weg ist kurz.
o: mgh | Im Mehrgenerationenhaus mache ich die Hauswirtschaft beim Frühstück mit.
"""
