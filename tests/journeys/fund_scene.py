"""The steps of the fund's scene, from an opened call to a paid advance: forms filled and sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from communs.core.documents import Document, Paragraph, pdf
from tests.journeys.desks import Desk, read
from tests.journeys.fund_people import People, Readers, email

PARIS = ZoneInfo("Europe/Paris")
KEPT_AWAY = "elue-bagneux"
FIVE = ("presidence", "elu-montreuil", "elu-vanves", "experte", "expert")
NAMES = (
    "Présidence du comité (fictive)",
    "Élu de Montreuil (fictif)",
    "Élue de Vanves (fictive)",
    "Experte (fictive)",
    "Expert (fictif)",
)
MISSING = "Un devis pour les bornes de prêt, de moins de six mois."


def local(at: datetime) -> str:
    """Write an instant as a field for one takes it."""
    return at.strftime("%Y-%m-%dT%H:%M")


def paper(name: str, sentence: str) -> dict[str, object]:
    """Give a PDF to send."""
    body = pdf(Document(title=name, language="fr", blocks=[Paragraph(sentence)]))
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": body}


@dataclass(frozen=True)
class Project:
    """What is asked for: the first commune leads."""

    title: str
    summary: str
    communes: tuple[str, ...]
    challenge: str
    need: str
    run: str
    indicator: str
    target: str


OBJECTS = Project(
    title="Bibliothèque d’objets à emprunter",
    summary="Prêter du matériel et apprendre à s’en servir, dans trois communes.",
    communes=("sceaux", "bagneux", "antony"),
    challenge="inclusive",
    need="Le matériel manque.",
    run="Un prêt pendant neuf mois.",
    indicator="Prêts par mois",
    target="200",
)


@dataclass
class Scene:
    """What is known of the file as the scene goes on, and what its pages said on the way."""

    people: People | Readers
    project: Project = OBJECTS
    file: str = ""
    room: str = ""
    act: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.file.strip("/").rpartition("/")[2]

    @property
    def lead(self) -> str:
        """Who leads the project."""
        return self.project.communes[0]


def open_call(people: People | Readers, project: Project = OBJECTS) -> Scene:
    """The manager opens « FMIN 2026 » with rules, envelope, criteria and phase."""
    page, now = people.desk("gestion-fonds", "/fonds/gestion/"), datetime.now(PARIS)
    page.press("Ajouter un règlement")
    rules: dict[str, object] = {
        "title": "Règlement FMIN 2026",
        "code": "fmin-2026",
        "base": "before_tax",
    }
    rules |= {"rate": "50", "owner_share": "20", "mandate": True, "example": True}
    rules |= {"ceiling_1_partners": "1", "ceiling_1_amount": "30 000"}
    rules |= {"ceiling_2_partners": "3", "ceiling_2_amount": "60 000"}
    rules |= {"type_1_label": "Matériel", "type_2_label": "Accompagnement"}
    page.write(**rules)
    page.press("Ajouter une enveloppe")
    page.write(title="Enveloppe FMIN 2026", year="2026", amount="100 000", **_programme(page))
    page.press("Préparer un appel")
    call = {"kind": "subsidy", "title": "FMIN 2026", "summary": "Essayer à plusieurs."}
    call |= {"opens_at": local(now - timedelta(days=1)), "challenges": project.challenge}
    call |= {"closes_at": local(now + timedelta(days=30))}
    page.choose(rules="Règlement FMIN 2026", form="Demande de", envelope="Enveloppe FMIN 2026")
    criteria = {"criterion_1_title": "Utilité pour les habitants", "criterion_1_weight": "3"}
    page.write(**call, **criteria, **_programme(page))
    page.press("Ajouter un critère")
    page.write(title="Coopération", weight="2")
    page.press("Publier")
    scene = Scene(people, project)
    scene.seen["published"] = page.said()
    people.desk("gestion-fonds", "/fonds/gestion/missions/ajouter/")
    mandate = {"duty": "Membre du comité", "mandate": "Vanves", "votes": True}
    page.write(email=email("elu-vanves"), since=f"{now:%Y-%m-%d}", **mandate)
    return scene


def _programme(page: Desk) -> dict[str, str]:
    return {"programme": page.options("programme")[0]}


def plan(scene: Scene) -> Scene:
    """Sceaux begins a file, asks Bagneux then Antony to join, and writes its plan."""
    people, project = scene.people, scene.project
    lead, *others = project.communes
    page = people.desk(lead, "/fonds/")
    page.press("FMIN 2026", exact=True)
    page.press("Déposer un dossier")
    page.write(title=project.title, applicant=lead.title())
    scene.file = page.address
    _describe(page, scene)
    for body in (one.title() for one in others):
        page.goto(f"{scene.file}partenaires/inviter/")
        page.write(partner=body, role="finance une part")
        page.goto(f"{scene.file}plan/")
        scene.seen[f"with {body}"] = page.said()
    page.goto(f"{scene.file}partenaires/")
    page.press("Partager à parts égales")
    _plan(page, scene, "47 792", "34 608")
    scene.seen["58 %"] = page.said()
    page.goto(f"{scene.file}envoi/")
    scene.seen["58 % to send"] = page.said()
    _plan(page, scene, "41 200", "41 200")
    scene.seen["50 %"] = page.said()
    return scene


def _describe(page: Desk, scene: Scene) -> None:
    file, project = scene.file, scene.project
    page.goto(f"{file}projet/")
    page.write(summary=project.summary, challenges=project.challenge)
    page.goto(f"{file}formulaire/besoin/")
    page.write(v__besoin_constate=project.need, v__publics="Tous les habitants.")
    page.goto(f"{file}formulaire/projet/")
    run = {"v__description": project.run, "v__debut": "2027-03-01"}
    page.write(**run, v__mois="9", v__indicateur=project.indicator, v__cible=project.target)
    page.goto(f"{file}formulaire/engagements/")
    page.write(v__anticipe="no")


def _plan(page: Desk, scene: Scene, asked: str, own: str) -> None:
    page.goto(f"{scene.file}plan/")
    costs = {"expense_1_type": "Matériel", "expense_1_label": "Bornes et objets"}
    costs |= {"expense_1_before_tax": "60 000", "expense_1_with_tax": "72 000"}
    costs |= {"expense_2_type": "Accompagnement", "expense_2_label": "Ateliers"}
    costs |= {"expense_2_before_tax": "22 400", "expense_2_with_tax": "22 400"}
    pays = {"resource_1_amount": own, "resource_1_label": "Budgets des communes"}
    pays |= {"resource_1_funder": "Autofinancement des partenaires"}
    page.write(**costs, **pays, requested=asked)


def send_file(scene: Scene) -> Scene:
    """Each commune signs with its mandate; Sceaux sends; the instructor asks for a quote."""
    people = scene.people
    for name in scene.project.communes:
        page = people.desk(name, f"{scene.file}signature/")
        page.press(f"Signer pour {name.title()}")
        mandate = paper(f"deliberation-{name}", "L’exécutif est autorisé à signer (fictif).")
        page.write(mandate=mandate, agreed=True)
    page = people.desk(scene.lead, f"{scene.file}envoi/")
    page.press("Envoyer le dossier")
    scene.seen["receipt"] = page.fetched(f"{scene.file}recepisse.pdf")
    return scene


def examine(scene: Scene) -> Scene:
    """The instructor takes the file, asks for a quote, gets it, finds it complete and eligible."""
    people = scene.people
    desk = people.desk("instruction", f"{scene.file}instruction/")
    desk.press("Désigner l’instructeur")
    desk.write(instructor="Instruction du fonds (fictive)")
    people.desk("instruction", f"{scene.file}instruction/")
    desk.press("Demander ce qui manque")
    desk.write(what_1=MISSING)
    page = people.desk(scene.lead, scene.file)
    scene.seen["asked"] = page.said()
    page.press("Répondre")
    page.write(answer="Voici le devis.", file=paper("devis", "Devis : 60 000 € (fictif)."))
    page.goto(f"{scene.file}envoi/")
    page.press("Envoyer le dossier")
    for step in ("Le dossier est complet", "Le dossier est recevable"):
        people.desk("instruction", f"{scene.file}instruction/")
        desk.press(step)
        if "complet" in step:
            desk.put(early_start="no")
        desk.send()
    scene.seen["eligible"] = people.desk("instruction", scene.file).said()
    return scene


def judge(scene: Scene) -> Scene:
    """Five members are given the file and send their scores; the examination is ended."""
    people = scene.people
    manager = people.desk("gestion-fonds")
    for name in NAMES:
        manager.goto(f"{scene.file}avis/confier/")
        scene.seen["kept away"] = manager.said()
        manager.write(person=name, phase="Avis individuels")
        assert "C’est noté" in manager.said()
    for name in FIVE:
        page = people.desk(name, "/fonds/")
        page.press("Mes dossiers à examiner")
        page.press(f"{scene.number} – {scene.project.title}")
        for one in page.names("score_"):
            page.choose(**{one: "4"})
        page.write(opinion="favourable", comment="Un besoin réel.")
    scene.seen["opinions"] = people.desk("gestion-fonds", f"{scene.file}avis/").said()
    manager.press("Terminer l’examen")
    manager.send()
    return scene


def propose(scene: Scene) -> Scene:
    """The committee meets: agenda, attendance, quorum, ranking, opinion, minutes."""
    people = scene.people
    page = people.desk("comite", "/fonds/")
    page.press("Comité de sélection")
    page.press("Prévoir une séance")
    _session(page, "Salle du parcours (comité)")
    scene.room = page.address
    page.press("Mettre des dossiers à l’ordre du jour")
    page.write(files=scene.number)
    scene.seen["agenda of who is kept away"] = people.desk(KEPT_AWAY, scene.room).said()
    page.press("Noter les présences")
    page.send()
    page.press("Ouvrir la séance")
    scene.seen["quorum"] = page.said()
    page.press("Établir un classement")
    page.write(title="Par note", rule="strict")
    page.press("Par note")
    page.press("Retenir ce classement")
    page.goto(scene.room)
    page.press("Noter l’avis")
    votes = {"votes_for": "3", "votes_against": "0", "abstentions": "0"}
    page.write(opinion="favourable", amount="41 200", **votes)
    scene.seen["room"] = page.said()
    page.press("Clore la séance")
    page.send()
    scene.seen["minutes"] = page.fetched(f"{scene.room}proces-verbal.pdf")
    return scene


def _session(page: Desk, place: str) -> None:
    page.choose(call="FMIN 2026")
    page.write(held_at=local(datetime.now(PARIS)), place=place, call="FMIN 2026")


def decide(scene: Scene) -> Scene:
    """The Bureau meets: deliberation no. 7 is written and voted, not sealed yet."""
    people = scene.people
    page = people.desk("bureau", "/fonds/")
    page.press("Délibérations du Bureau")
    page.press("Prévoir une séance")
    _session(page, "Salle du parcours (Bureau)")
    sitting = page.address
    page.press("Écrire une délibération")
    about = {"number": "7", "title": "Attribution de subventions (FMIN 2026)"}
    page.write(**about, files=scene.number)
    scene.act = page.address
    page.goto(sitting)
    page.press("Noter les présences")
    page.send()
    page.press("Ouvrir la séance")
    page.goto(scene.act)
    page.press("Noter le vote")
    page.write(votes_for="3", votes_against="0", abstentions="0")
    scene.seen["file before the seal"] = people.desk(scene.lead, scene.file).said()
    scene.seen["notices before the seal"] = people.desk(
        scene.lead, f"/{scene.lead}/compte/avis/"
    ).said()
    return scene


def seal(scene: Scene) -> Scene:
    """The Bureau's secretary seals."""
    page = scene.people.desk("bureau", scene.act)
    page.press("Sceller la délibération")
    page.send()
    scene.seen["act"] = page.said()
    return scene


def sign(scene: Scene) -> Scene:
    """The agreement is drafted, signed on paper, scanned back."""
    people, file = scene.people, scene.file
    page = people.desk("gestion-fonds", f"{file}convention/")
    page.press("Rédiger la convention")
    page.write()
    scene.seen["before the signature"] = people.desk("finances", "/fonds/bord/finances/").said()
    page.press("Mettre à la signature")
    printed = page.body(f"{file}convention.pdf")
    scene.seen["agreement"] = read(printed)
    page.press("Déposer des pages signées")
    scan = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": printed}
    page.write(file=scan)
    scene.seen["scanned"] = page.said()
    page.press("Tous ont signé")
    page.write()
    scene.seen["signed"] = page.said()
    return scene


def pay(scene: Scene) -> Scene:
    """The advance is checked, ordered and paid."""
    people, file = scene.people, scene.file
    for step in ("Contrôler", "Mandater", "Noter le versement"):
        desk = people.desk("finances", f"{file}convention/")
        desk.press(step)
        if step == "Mandater":
            desk.put(reference="2026-4801 (fictif)")
        if step != "Contrôler":
            desk.write()
    scene.seen["paid"] = people.desk(scene.lead, f"{file}convention/").said()
    return scene
