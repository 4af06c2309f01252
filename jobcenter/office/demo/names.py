"""Invented people: given and family names of many origins, combined by chance, and where they may be reached.

No combination means anybody. Telephone numbers come from the ranges that are kept free for films and books.
"""

import random

_GIVEN = """
Aaliyah Abel Adam Agnieszka Ahmad Aida Aleksandra Alex Ali Alina Alma Amadou Amara Amira Ana Andrea Andrei Anh Anja
Anke Anton Aram Arif Arno Arthur Asmaa Astrid Ayşe Azad Bao Bartosz Beate Behrouz Ben Bernd Berta Bilal Birte Björn
Bożena Britta Carla Carlos Celina Chiara Chris Christa Cosmin Dagmar Damir Dana Daniel Daria Darius David Denise Deniz
Dennis Derya Detlef Dilan Dilara Dimitri Dirk Dominique Dragan Edda Elena Elif Elias Ella Emine Emre Enis Eren Erik
Esra Ewa Fadi Farah Fatma Felix Fenja Ferhat Filiz Finn Florian Francesca Frank Franziska Frauke Freya Gabriela Georg
Gerda Giulia Goran Grażyna Greta Gudrun Günter Hadi Hamid Hanna Harun Hasan Hauke Heike Heiko Helga Henrike Hildegard
Holger Ibrahim Idris Ilona Imke Inga Ingo Irina Isabel Ivana Jakub Jamal Jan Jana Jannik Jasmin Jelena Jens Joana
Jochen Jörg Jörn João José Julia Jürgen Kai Kamil Karin Karsten Katarzyna Kathrin Kenan Kerstin Khalid Kim Kjell Klaus
Lale Lara Lars Laszlo Layla Lena Leon Leyla Liliana Linh Linus Lorenzo Luca Łukasz Lutz Magda Mahmoud Maja Malte Manal
Mandy Manfred Marek Mareike Mariam Marina Mario Markus Marlies Marta Martin Mateusz Mehmet Merle Merve Mia Michał Mila
Mirko Miriam Mohammed Mustafa Nadia Nadine Nele Nermin Nicole Nils Nour Nuri Olaf Oleksandr Olga Omar Oskar Özlem
Pascal Paula Pavel Peter Petra Philipp Piotr Quang Rabea Rafael Ralf Ramona Rana Reinhard Renate Riad Robin Roland
Ronja Rosa Roya Ruth Sabine Said Samira Samuel Sandra Sascha Selim Selin Semra Serhat Şirin Sibel Siegfried Silke
Simone Sina Sofia Sonja Søren Stefan Steffi Svenja Svetlana Tamara Tanja Tarek Tesfaye Thekla Theo Thi Tilman Timur
Torben Tran Uğur Ulrike Ursula Ute Uwe Valentina Vera Viktor Volker Walter Wanja Wiebke Wojciech Yannick Yasemin Yıldız
Yonas Youssef Yusuf Yvonne Zahra Zbigniew Zehra Zeynep Zoran Zübeyde
"""
GIVEN = _GIVEN.split()

_FAMILY = """
Abadi Abdallah Acker Adamczyk Ahrendt Akgün Aksoy Albers Aldağ Almeida Amini Andrzejewski Angerstein Arslan Aßmann
Atay Auerbach Aydın Baran Bartels Baumgart Bäumer Becerra Beckmann Behnke Bekele Berisha Bertram Bielefeldt Bogdan
Böhme Bojanić Bönisch Borchers Bozkurt Brandis Bräuer Brehme Brinkhoff Bruns Buchholz Büttner Çakır Calderón Can
Çelebi Cieślak Conte Ćosić Czerny Dağdelen Dahlke Dąbrowa Demirel Deppe Dietrichs Dinç Diallo Dobrev Dogan Dörge
Dragomir Drewes Düvel Ebeling Eggers Ehlers Eichhorn El-Amin Elmas Engelke Erbeck Ernst Esposito Fährmann Farahani
Feldhusen Ferrante Fischbach Fließ Fofana Förster Fränkel Freese Fricke Fuhse Gärtner Gashi Gebhardt Georgiou Gerke
Ghorbani Giesecke Gökçe Gölitz Gomes Görlich Grabowicz Greve Grieß Grobe Großkopf Grünewald Güneş Haberland Haddad
Hagedorn Hahne Hamidi Hänsel Hartung Haßelbach Heidrich Heinemann Helmke Henze Herzberg Heyn Hillebrecht Hoang Höfer
Hollmann Holzapfel Horvat Hübner Hussein Ibrahimi Ilić Ionescu Jäckel Jagau Jahnke Jankowiak Jaschke Jovanović Jürgens
Kaçar Kahraman Kaminska Kanté Karaca Karimi Kaßner Kästner Kebede Keßler Khoury Kiesewetter Kılıç Kirchhof Klages
Kleinhans Kluge Knöchel Kobza Köhne Kolberg Kowalczuk König Krasniqi Kreuzer Krüger Kuźma Kühnel Lachmann Lambrecht
Lange-Börner Laßwitz Lê Lehmkuhl Leßmann Lindqvist Lips Löhr Lorenzen Lücke Lütge Machado Mahn Malik Mansour Marczak
Marx Matthies Mazur Mebrahtu Mehring Meinecke Mensah Mertens Meyerhoff Mielke Mohammadi Möhle Morawski Moßner Mühlhaus
Müller-Yıldırım Murati Nagel Nasser Nazari Nehring Neßler Ngo Niehaus Nikolić Nolte Nöth Novak Öcal Oelze Ohlendorf
Okafor Öksüz Oppermann Ørsted Otremba Öztürk Pahl Paschke Pawlak Pereira Petrenko Pfeiffer Phạm Piechota Pınar Plate
Pohlmann Popescu Pröhl Quandt Quast Rademacher Rahimi Ramadani Rasch Rauß Reddig Reimann Reuß Ribeiro Riedel Ringe
Rogge Röhrig Rossi Rößler Rühmann Rustemi Sadowska Şahin Salihu Sander Santos Sauermann Schaper Scheffler Schlüter
Schmidtke Schönfeld Schrödter Schünemann Schütte Schwertfeger Seidenstücker Senger Shehu Siebrecht Šimić Sievers
Simonsen Sobotta Sokolow Sommerfeld Stanković Staufenbiel Steinhoff Stöber Strauß Strößner Subaşı Süß Szymański
Tadesse Tanrıverdi Tegeler Teuber Thiele Thürnau Tiedemann Tölle Topçu Traoré Trân Trautwein Tschirner Türkmen Uhde
Ullmann Unger Ünlü Vahlbruch Vasilev Vidal Vogelsang Voigt Vollbrecht Vučković Wächter Wagenknecht Warnecke Wędzik
Weidemann Weißenborn Wendt Werther Wiegand Wißmann Wójcik Wolters Wörner Wulff Yalçın Yazdani Yeboah Yılmazer Yücel
Zachariä Zander Żak Zeidler Zengin Ziegenbein Zielińska Zimny Zöllner Żuraw
"""
FAMILY = _FAMILY.split()

# Names that a page, a search and a print must bear: very long, in other scripts, with rare letters.
LONG_NAME = (
    "Maximiliane Theodora Friederike",
    "Freytag-Hohenlinden von Süderbrokdorf-Wiesenhang",
)
SHOWCASE_NAME = ("Deniz", "Yıldız")
SPECIAL_NAMES = (
    LONG_NAME,
    ("Олександра", "Ковальчук-Степова"),
    ("نور", "الخطيب"),
    ("Işıl", "Yıldırımoğlu"),
    ("Jörg-Ünal", "Größler-Öztürk"),
)

_STREETS = """
Amselgrund Birkenhöhe Buchenhang Dorfanger Eichenstieg Erlenweg Fasanenring Feldrain Ginsterweg Haselbusch Heidegrund
Holunderweg Kastanienhof Kiefernkamp Kirschgarten Lerchenberg Lindenwinkel Mühlenanger Obstwiese Quellenweg Rosenstieg
Schlehenweg Sonnenhang Steinbruchweg Tannenblick Ulmenring Wacholderweg Weidengrund Wiesenrain Ziegelhütte
"""
STREETS = _STREETS.split()

PLACES = {
    "Osterode": ("37520 Osterode am Harz", "37412 Herzberg am Harz", "37431 Bad Lauterberg im Harz"),
    "Duderstadt": ("37115 Duderstadt", "37434 Gieboldehausen"),
    "Münden": ("34346 Hann. Münden", "37127 Dransfeld"),
    "Göttingen": ("37073 Göttingen", "37081 Göttingen", "37085 Göttingen"),
}


def person(rng: random.Random) -> tuple[str, str]:
    """A given and a family name; now and then a double one."""
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    chance = rng.random()
    if chance < 0.05:
        given = f"{given}-{rng.choice(GIVEN)}" if "-" not in given else given
    elif chance < 0.12 and "-" not in family:
        other = rng.choice(FAMILY)
        if "-" not in other and other != family:
            family = f"{family}-{other}"
    return given, family


def address(rng: random.Random, place: str) -> str:
    return f"{rng.choice(STREETS)} {rng.randint(1, 98)}, {rng.choice(PLACES[place])}"


def telephone(rng: random.Random) -> str:
    if rng.random() < 0.25:
        return f"030 23125 {rng.randint(0, 999):03d}"
    return f"0171 39200 {rng.randint(0, 99):02d}"


def mail_address(rng: random.Random) -> str:
    """An address that tells no name: people choose such ones too."""
    words = ("post", "kontakt", "briefkasten", "nachricht", "hallo", "zuhause", "werkbank", "wolke", "garten")
    return f"{rng.choice(words)}.{rng.randint(1000, 99999)}@example.org"
