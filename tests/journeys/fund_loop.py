"""The steps of the fund's whole loop after an award, from a protocol to a copy elsewhere."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import time_machine

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators.jobs import measure_yesterday
from communs.core.indicators.models import Observation
from communs.core.journal.delivery import deliver
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.enums import Property
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import bind_sensor, set_zone
from communs.services.parking.jobs import work_out_use
from communs.services.parking.models import Space
from tests.journeys.fund_people import Readers
from tests.journeys.fund_scene import PARIS, Project, Scene
from tests.services.fund.opening import made_up_siret
from tests.services.parking.samples import campaign, network, space, street

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPENED = datetime(2026, 1, 5, 10, tzinfo=PARIS)  # a Monday
BEFORE, START, LAST = date(2026, 1, 12), date(2026, 2, 9), date(2026, 3, 22)
TITLE = "Stationner une heure et demie au plus"
QUESTION = "Un disque limité à 90 minutes fait-il tourner les places ?"
PAGE = "/fonds/experimentations/stationner-une-heure-et-demie-au-plus/"
COMMON = "/fonds/communs/parking-antony/"
SERVICE = "/{}/reglages/services/parking/"
PARKING_COMMUNES = ("antony", "bagneux", "sceaux")
FINDING = "Les places tournent plus là où le disque est court."
RECOMMENDATION = "Garder le disque, élargir la zone."
TESTERS = (("Camille", "Je trouve une place."), ("Dominique", ""))
BODIES = ("metropole", *PARKING_COMMUNES)
FILES = {
    "grants": "/fonds/donnees/subventions-2.1.1.csv?complete=1",
    "grants as before": "/fonds/donnees/subventions-scdl-2.1.csv?complete=1",
    "experiments": "/fonds/experimentations.json",
    "commons": "/fonds/communs.json",
    "plan": "/fonds/schema-directeur.json",
    "catalogue": "/donnees/dcat.ttl",
}
PARKING = Project(
    title="Stationner moins longtemps au centre-ville",
    summary="Des capteurs et un disque plus court, avec deux communes voisines.",
    communes=PARKING_COMMUNES,
    challenge="agile",
    need="Les places du centre ne tournent pas.",
    run="Un disque de 90 minutes pendant six semaines.",
    indicator="Rotation des places",
    target="9",
)


@dataclass
class Loop:
    """The scene of a file, the day it is, and what pages said on the way."""

    scene: Scene
    clock: Clock
    seen: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    spaces: list[tuple[Space, bool]] = field(default_factory=list)

    @property
    def people(self) -> Readers:
        assert isinstance(self.scene.people, Readers)
        return self.scene.people

    def look(self, name: str, who: str, address: str = "") -> str:
        """Keep what somebody reads."""
        self.seen[name] = self.people.desk(who, address).said()
        return self.seen[name]

    def on(self, day: date, hour: int = 10) -> None:
        """Go on to a day; what was told until then is heard."""
        deliver(datetime.now(PARIS))
        self.clock.set(datetime(day.year, day.month, day.day, hour, tzinfo=PARIS))
        self.people.later()


class Clock:
    """The time that everything reads."""

    def __init__(self) -> None:
        self._open = ExitStack()

    def set(self, at: datetime) -> None:
        """Be at an instant; seconds go on from there."""
        self._open.close()
        self._open.enter_context(time_machine.travel(at, tick=True))

    def close(self) -> None:
        """Come back to the day that it is."""
        self._open.close()


def design(loop: Loop) -> Loop:
    """A manager designs the experiment of the award before anything is signed."""
    page = loop.people.desk("gestion-fonds", "/fonds/experimentations/")
    page.press("Concevoir une expérimentation")
    page.choose(grant=PARKING.title, service="Stationnement")
    page.write(title=TITLE, question=QUESTION)
    page.choose(
        indicator_1="Rotation là où", control_1="Rotation dans les zones témoins", aim_1="augmenter"
    )
    days = {"starts_on": START, "ends_on": LAST}
    days |= {"baseline_from": BEFORE, "baseline_until": START - DAY}
    page.write(**{name: day.isoformat() for name, day in days.items()}, target_1="9", least_1="14")
    page.press("Convenir du protocole")
    loop.seen["designed"] = page.said()
    return loop


def equip(loop: Loop) -> Loop:
    """Antony has two zones with sensors, and a campaign that tries something in one of them."""
    with within(Community.objects.get(slug="antony")):
        at = datetime.now(PARIS)
        zones = {name: set_zone(name=name, colour="blue", by=None) for name in ("Centre", "Gare")}
        for name, zone in zones.items():
            where = street(f"Rue du {name}", zone=zone)
            for _place in range(3):
                one = space(segment=where)
                code = f"b{len(loop.spaces):015x}"
                bind_sensor(space=one, code=code, source=network(), at=at, by=None)
                one.refresh_from_db()
                loop.spaces.append((one, name == "Centre"))
        days = {"before_from": BEFORE, "before_until": START - DAY}
        days |= {"measured_from": START, "measured_until": LAST}
        campaign(
            "Disque de 90 minutes", tried_in=[zones["Centre"]], control=[zones["Gare"]], **days
        )
    return loop


def live(loop: Loop, first: date, last: date) -> Loop:
    """Sensors speak each day, and each night what they said is worked out and measured."""
    site = Community.objects.get(slug="antony")
    for n in range((last - first).days + 1):
        day = first + n * DAY
        loop.on(day + DAY, hour=3)
        with within(site):
            said = [r for number in range(len(loop.spaces)) for r in _day(loop, number, day)]
            take(source=Source.objects.get(), readings=said, at=milliseconds(datetime.now(PARIS)))
            work_out_use.func()
            measure_yesterday.func()
    return loop


def _day(loop: Loop, number: int, day: date) -> list[Reading]:
    """Give what a sensor says on a day: every hour, and when a car comes or goes."""
    chance = Random(f"{day} {number}")
    _space, tried = loop.spaces[number]
    stays = 4 + chance.randint(0, 2) + (3 if tried and day >= START else 0)
    midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    marks = {midnight + n * HOUR: 0.0 for n in range(24)}
    for n in range(stays):
        came = midnight + 8 * HOUR + n * timedelta(minutes=75) + timedelta(minutes=7)
        left = came + timedelta(minutes=chance.randint(30, 60))
        marks |= {at: 1.0 for at in marks if came < at < left} | {came: 1.0, left: 0.0}
    code = f"b{number:015x}"
    return [
        Reading(code, Property.PRESENCE, milliseconds(at), 0, value)
        for at, value in sorted(marks.items())
    ]


def start(loop: Loop) -> Loop:
    """It starts on its day; a milestone is set, reached; a difficulty, a visit are noted."""
    people = loop.people
    loop.look("configured", "antony", SERVICE.format("antony"))
    page = people.desk("gestion-fonds", PAGE)
    page.press("Commencer")
    page.write(on=f"{START}")
    loop.seen["started"] = page.said()
    page = people.desk("antony", PAGE)
    page.press("Ajouter un jalon")
    page.write(title="Panneaux posés", due_on=f"{START}")
    page.press("Dire qu’il est atteint")
    page.write(on=f"{START}")
    page.press("Noter une difficulté")
    page.write(on=f"{START}", what="Un panneau est tombé.", consequence="Une rue sans panneau.")
    page.press("Dire comment elle a été réglée")
    page.write(on=f"{START}", solution="La régie l’a remis.")
    page = people.desk("gestion-fonds", PAGE)
    page.press("Noter une visite")
    page.write(on=f"{START}", seen="Les panneaux sont lus.", advice="Montrer le disque.")
    return loop


def try_out(loop: Loop) -> Loop:
    """Residents join on the public page, answer by their link; one leaves."""
    for number, (name, words) in enumerate(TESTERS):
        page = loop.people.desk("", PAGE)
        page.press("Tester ce service")
        loop.seen["consent"] = page.said()
        page.write(name=name, agrees=True)
        loop.seen[f"link of {name}"] = page.address
        page.write(useful=str(5 - number), easy="4", words=words)
        loop.seen[f"answer of {name}"] = page.said()
    page.press("Quitter le panel")
    loop.seen["left"] = page.said()
    return loop


def evaluate(loop: Loop) -> Loop:
    """The trial ends, its figures are frozen, a person decides."""
    page = loop.people.desk("gestion-fonds", PAGE)
    page.press("Terminer l’essai")
    page.write(on=f"{LAST}")
    page.press("Évaluer")
    page.write()
    loop.seen["proposed"] = page.said()
    page.press("Rendre le verdict")
    page.write(finding=FINDING, recommendation=RECOMMENDATION, final_cost="80 000")
    loop.seen["report"] = loop.people.desk("", f"{PAGE}evaluation/1/").said()
    loop.seen["report on paper"] = loop.people.desk("").fetched(f"{PAGE}evaluation/1.pdf")
    loop.look("experiment at its end", "", PAGE)
    return loop


def teach(loop: Loop) -> Loop:
    """The lesson is written, and the committee has it enter the master plan in a session."""
    people = loop.people
    page = people.desk("gestion-fonds", "/fonds/gestion/schema-directeur/")
    loop.seen["lessons"] = page.said()
    page.press(TITLE)
    page.press("Le réécrire")
    page.write(recommendation="Étendre le disque court aux centres-villes.")
    loop.seen["lesson"] = page.said()
    lesson = page.address
    page = people.desk("comite", "/fonds/comite/")
    page.press("Prévoir une séance")
    page.choose(call="FMIN 2026")
    now = datetime.now(PARIS)
    page.write(held_at=f"{now:%Y-%m-%dT%H:%M}", place="Salle du schéma (comité)")
    page.goto(lesson)
    page.press("Noter l’avis du comité")
    page.write(outcome="accepted", session=page.options("session")[0])
    loop.seen["reviewed"] = page.said()
    loop.look("plan", "", "/fonds/schema-directeur/")
    loop.look("challenge", "", "/fonds/schema-directeur/agile/?etape=prouvees")
    return loop


def publish(loop: Loop, notes: str, **options: str) -> Loop:
    """Antony sets its service, packs its configuration and publishes it."""
    page = loop.people.desk("antony", SERVICE.format("antony"))
    page.write(**options)
    page.goto(SERVICE.format("antony") + "configuration/")
    page.put(notes=notes)
    page.press("Faire une version")
    page.press("Publier")
    loop.seen[f"published: {notes}"] = page.said()
    return loop


def offer(loop: Loop) -> Loop:
    """A manager offers what was proven."""
    page = loop.people.desk("gestion-fonds", "/fonds/communs/")
    page.goto("/fonds/gestion/communs/")
    loop.seen["to offer"] = page.said()
    page.press(TITLE)
    page.write(title="Disque court d’Antony", summary="Les places tournent plus vite.")
    loop.look("offered", "", COMMON)
    return loop


def take_over(loop: Loop) -> Loop:
    """Vanves asks, looks, tries, installs, then sets a thing its own way."""
    people = loop.people
    page = people.desk("vanves", "/fonds/communs/")
    page.press("Disque court d’Antony")
    page.press("Le reprendre")
    page.write(place="Vanves", message="Pour la rue du marché.")
    loop.seen["asked"] = page.said()
    page.press("Voir ce qui changerait")
    loop.seen["preview"] = page.said()
    page.put(switch_on=True)
    page.press("Essai à blanc")
    loop.seen["tried"] = page.said()
    page.put(switch_on=True)
    page.press("Installer")
    loop.seen["installed"] = page.said()
    page.goto(SERVICE.format("vanves"))
    page.write(grace_minutes="12")
    deliver(datetime.now(PARIS))
    loop.look("copied", "", COMMON)
    return loop


def confirm(loop: Loop) -> Loop:
    """Two weeks are measured in Vanves, and the metropolis confirms."""
    page = loop.people.desk("vanves", COMMON)
    page.press("Relever les mesures")
    loop.seen["measured"] = page.said()
    page = loop.people.desk("gestion-fonds", COMMON)
    page.press("Confirmer")
    page.write(reason="Les places tournent comme à Antony.")
    loop.look("confirmed", "", COMMON)
    loop.look("plan at the end", "", "/fonds/schema-directeur/")
    loop.look("grant at the end", "", "/fonds/schema-directeur/agile/?etape=repliquees")
    return loop


def observed(slug: str, first: date, days: int) -> None:
    """Write what a copy measured on so many days: its sensors are not played."""
    values = {"indicator": "parking.tried_rotation", "version": 1, "denominator": Decimal(3)}
    with within(Community.objects.get(slug=slug)):
        for n in range(days):
            known = {"day": first + n * DAY, "value": Decimal("7.5"), "numerator": Decimal("22.5")}
            Observation.objects.create(**values, **known, at=datetime.now(PARIS))


def update(loop: Loop) -> Loop:
    """Vanves takes the later version over; what it set itself is kept."""
    page = loop.people.desk("vanves", SERVICE.format("vanves") + "configuration/")
    loop.seen["later version"] = page.said()
    page.press("Regarder ce que changerait la version 2")
    loop.seen["preview of version 2"] = page.said()
    page.press("Installer")
    loop.seen["version 2 installed"] = page.said()
    loop.look("options of Vanves", "vanves", SERVICE.format("vanves"))
    deliver(datetime.now(PARIS))
    loop.look("lineage", "", COMMON)
    return loop


def export(loop: Loop) -> Loop:
    """The manager writes SIRET numbers down, and everything is open data."""
    made = {one.slug: one for one in Community.objects.filter(slug__in=BODIES)}
    for slug, body in made.items():
        page = loop.people.desk("gestion-fonds", f"/fonds/gestion/siret/{slug}/")
        page.write(siret=made_up_siret(body))
    loop.look("bodies", "gestion-fonds", "/fonds/gestion/siret/")
    reader = loop.people.desk("")
    for name, address in FILES.items():
        loop.files[name] = reader.body(address)
    loop.look("catalogue", "", "/donnees/")
    return loop
