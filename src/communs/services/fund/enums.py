"""Themes and challenges of the fund."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Theme(TextChoices):
    """The fields of experiment that the communiqué of 27 November 2018 names."""

    DIGITAL_FOR_ALL = "digital-for-all", _("Digital for all")
    E_ADMINISTRATION = "e-administration", _("E-administration")
    PARTICIPATION = "participation", _("Citizen participation")
    LOGISTICS = "logistics", _("Logistics")
    SMART_PARKING = "smart-parking", _("Smart parking")


class Challenge(TextChoices):
    """The six challenges of the metropolitan digital master plan (SMAN)."""

    CONNECTED = "connected", _("Connected")
    INCLUSIVE = "inclusive", _("Inclusive and caring")
    RESILIENT = "resilient", _("Resilient and sustainable")
    ATTRACTIVE = "attractive", _("Radiant and attractive")
    AGILE = "agile", _("Agile and efficient")
    COLLABORATIVE = "collaborative", _("Collaborative and participatory")


class Provenance(TextChoices):
    """Where a statement comes from."""

    PUBLISHED = "published", _("published")
    INFERRED = "inferred", _("our classification")


class Progress(TextChoices):
    """How far Communs' answer to an experiment is."""

    NONE = "none", _("no service yet")
    AVAILABLE = "available", _("service available")
    ON = "on", _("service running")


class Nature(TextChoices):
    """What a grant is given in, in the words of the SCDL schema."""

    CASH = "aide en numéraire", _("in cash")
    KIND = "aide en nature", _("in kind")


class CallKind(TextChoices):
    """What a call asks for."""

    SUBSIDY = "subsidy", _("Subsidy: communes ask for money")
    SOLUTIONS = "solutions", _("Call for solutions: firms and associations answer a challenge")


class CallState(TextChoices):
    """How far a call is; whether it is open also depends on its dates."""

    DRAFT = "draft", pgettext_lazy("call", "in preparation")
    PUBLISHED = "published", pgettext_lazy("call", "published")
    ARCHIVED = "archived", pgettext_lazy("call", "archived")


class Sight(TextChoices):
    """When a reviewer sees what the others wrote."""

    NEVER = "never", _("never")
    AFTER_OWN = "after_own", _("once their own opinion is sent")
    ALWAYS = "always", _("always")


class OrganisationKind(TextChoices):
    """What an applicant is."""

    COMMUNE = "commune", _("commune")
    TERRITORY = "territory", _("territory")
    METROPOLIS = "metropolis", _("metropolis")
    COMPANY = "company", _("firm")
    ASSOCIATION = "association", _("association")
    OTHER = "other", _("other organisation")

    @classmethod
    def bodies(cls) -> list[str]:
        """Give the kinds that are communities of this installation."""
        return [cls.COMMUNE, cls.TERRITORY, cls.METROPOLIS]

    @classmethod
    def others(cls) -> list[str]:
        """Give the kinds that are not."""
        return [cls.COMPANY, cls.ASSOCIATION, cls.OTHER]


class Duty(TextChoices):
    """Tasks in the fund."""

    MANAGER = "manager", _("Programme manager")
    INSTRUCTOR = "instructor", _("Instructor")
    ADVISER = "adviser", _("Adviser")
    EXPERT = "expert", _("Expert")
    MEMBER = "member", _("Member of the committee")
    CHAIR = "chair", _("Chair of the committee")
    SECRETARY = "secretary", _("Secretary of the committee")
    BUREAU = "bureau", _("Member of the Bureau")
    RECORDER = "recorder", _("Secretary of the Bureau")
    FINANCE = "finance", _("Finance officer")


class PartnerRole(TextChoices):
    """What an organisation does in a project."""

    LEAD = "lead", _("lead")
    FINANCIAL = "financial", _("pays a share")
    TEST_SITE = "test_site", _("test site")
    OBSERVER = "observer", _("observer")


class Funder(TextChoices):
    """Who pays besides the grant."""

    OWN = "own", _("Own funds of the partners")
    STATE = "state", _("The State")
    REGION = "region", _("The region")
    EUROPE = "europe", _("European Union")
    PUBLIC = "public", _("Another public body")
    PRIVATE = "private", _("A firm or a foundation")


class Stage(TextChoices):
    """Where an application stands; `engine/stages.py` says which moves there are."""

    DRAFT = "draft", pgettext_lazy("application", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
    INCOMPLETE = "incomplete", pgettext_lazy("application", "something is missing")
    COMPLETE = "complete", pgettext_lazy("application", "complete")
    INELIGIBLE = "ineligible", pgettext_lazy("application", "not eligible")
    UNDER_REVIEW = "under_review", pgettext_lazy("application", "under examination")
    REVIEWED = "reviewed", pgettext_lazy("application", "examined")
    IN_COMMITTEE = "in_committee", pgettext_lazy("application", "before the committee")
    DEFERRED = "deferred", pgettext_lazy("application", "deferred by the committee")
    RECOMMENDED = "recommended", pgettext_lazy("application", "recommended")
    NOT_RECOMMENDED = "not_recommended", pgettext_lazy("application", "not recommended")
    AT_BUREAU = "at_bureau", pgettext_lazy("application", "before the Bureau")
    AWARDED = "awarded", pgettext_lazy("application", "awarded")
    REFUSED = "refused", pgettext_lazy("application", "refused")
    POSTPONED = "postponed", pgettext_lazy("application", "postponed by the Bureau")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    CLOSED = "closed", pgettext_lazy("application", "closed without action")

    @classmethod
    def unsent(cls) -> list[str]:
        """Give the stages of what may never have been submitted."""
        return [cls.DRAFT, cls.WITHDRAWN, cls.CLOSED]

    @classmethod
    def before_complete(cls) -> list[str]:
        """Give the stages of what may never have been found complete."""
        return [*cls.unsent(), cls.SUBMITTED, cls.INCOMPLETE]

    @classmethod
    def judged(cls) -> list[str]:
        """Give the stages in which others judge a file."""
        return [
            cls.UNDER_REVIEW,
            cls.REVIEWED,
            cls.IN_COMMITTEE,
            *cls.secret(),
            cls.POSTPONED,
        ]

    @classmethod
    def after_eligible(cls) -> list[str]:
        """Give the stages of what was found eligible, decided files included."""
        return [*cls.judged(), cls.AWARDED, cls.REFUSED]

    @classmethod
    def secret(cls) -> list[str]:
        """Give the stages that tell what the committee proposed: told to nobody before the seal."""
        return [cls.DEFERRED, cls.RECOMMENDED, cls.NOT_RECOMMENDED, cls.AT_BUREAU]


class Ground(TextChoices):
    """Why somebody is kept away from a file."""

    MANDATE = "mandate", _("holds office in a commune or territory of the project")
    ROLE = "role", _("has a role in a commune or territory of the project")
    CONTACT = "contact", _("acts for an organisation of the project")
    INTEREST = "interest", _("declared an interest")


class Opinion(TextChoices):
    """What a reviewer, or the committee, thinks of a file."""

    FAVOURABLE = "favourable", _("favourable")
    RESERVED = "reserved", _("favourable with reservations")
    UNFAVOURABLE = "unfavourable", _("unfavourable")


class Way(TextChoices):
    """How a file came to a reviewer."""

    HAND = "hand", _("chosen by hand")
    BALANCED = "balanced", _("shared out evenly")
    CHALLENGE = "challenge", _("by challenge, shared out evenly")


class SessionKind(TextChoices):
    """Who meets."""

    COMMITTEE = "committee", _("Selection committee")
    BUREAU = "bureau", _("Bureau")


class SessionState(TextChoices):
    """How far a session is."""

    PLANNED = "planned", pgettext_lazy("session", "planned")
    OPEN = "open", pgettext_lazy("session", "open")
    CLOSED = "closed", pgettext_lazy("session", "closed")
    SEALED = "sealed", pgettext_lazy("session", "sealed")


class Presence(TextChoices):
    """Whether a member is there."""

    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    REPRESENTED = "represented", _("represented by another member")


class RankingRule(TextChoices):
    """How a scenario shares an envelope out."""

    HAND = "hand", _("by hand")
    STRICT = "strict", _("by score, until the first that does not fit")
    FILL = "fill", _("by score, leaving out what does not fit")
    POINTS = "points", _("the most points that the envelope can pay")


class Outcome(TextChoices):
    """What the Bureau decides."""

    AWARDED = "awarded", pgettext_lazy("decision", "awarded")
    REFUSED = "refused", pgettext_lazy("decision", "refused")
    POSTPONED = "postponed", pgettext_lazy("decision", "postponed")


class AgreementState(TextChoices):
    """How far an agreement is."""

    DRAFTED = "drafted", pgettext_lazy("agreement", "drafted")
    SENT = "sent", pgettext_lazy("agreement", "to be signed")
    SIGNED = "signed", pgettext_lazy("agreement", "signed")
    SETTLED = "settled", pgettext_lazy("agreement", "settled")
    LAPSED = "lapsed", pgettext_lazy("agreement", "lapsed")
    CANCELLED = "cancelled", pgettext_lazy("agreement", "cancelled")

    @classmethod
    def signed(cls) -> list[str]:
        """Give the states of what was signed and holds."""
        return [cls.SIGNED, cls.SETTLED]

    @classmethod
    def over(cls) -> list[str]:
        """Give the states in which another agreement may be drafted."""
        return [cls.LAPSED, cls.CANCELLED]


class InstalmentKind(TextChoices):
    """Which part of a grant is paid."""

    ADVANCE = "advance", _("advance")
    INTERIM = "interim", _("interim payment")
    BALANCE = "balance", _("balance")


class PaymentState(TextChoices):
    """How far a payment is; `engine/paying/moves.py` says which moves there are."""

    DUE = "due", pgettext_lazy("payment", "due")
    CLAIMED = "claimed", pgettext_lazy("payment", "claimed")
    CHECKED = "checked", pgettext_lazy("payment", "checked")
    ORDERED = "ordered", pgettext_lazy("payment", "ordered")
    PAID = "paid", pgettext_lazy("payment", "paid")
    REJECTED = "rejected", pgettext_lazy("payment", "rejected")


class ClaimState(TextChoices):
    """What became of a claim."""

    MADE = "made", pgettext_lazy("claim", "to be checked")
    ACCEPTED = "accepted", pgettext_lazy("claim", "accepted")
    REJECTED = "rejected", pgettext_lazy("claim", "rejected")


class AmendmentKind(TextChoices):
    """What an amendment changes."""

    PARTNER_LEAVES = "partner_leaves", _("a partner leaves")
    EXTENSION = "extension", _("more time")
    BUDGET_SHIFT = "budget_shift", _("parts of the grant among partners")


class AmendmentState(TextChoices):
    """How far an amendment is."""

    TO_VOTE = "to_vote", pgettext_lazy("amendment", "waits for a vote")
    TO_SIGN = "to_sign", pgettext_lazy("amendment", "to be signed")
    IN_FORCE = "in_force", pgettext_lazy("amendment", "in force")
    ABANDONED = "abandoned", pgettext_lazy("amendment", "abandoned")


class ExperimentState(TextChoices):
    """How far an experiment is; `engine/evaluating/moves.py` says which moves there are."""

    DESIGNED = "designed", pgettext_lazy("experiment", "being designed")
    CONFIGURED = "configured", pgettext_lazy("experiment", "service switched on")
    LIVE = "live", pgettext_lazy("experiment", "under way")
    PAUSED = "paused", pgettext_lazy("experiment", "paused")
    MEASURED = "measured", pgettext_lazy("experiment", "measured")
    EVALUATED = "evaluated", pgettext_lazy("experiment", "evaluated")
    ABANDONED = "abandoned", pgettext_lazy("experiment", "given up")

    @classmethod
    def agreed(cls) -> list[str]:
        """Give the states of what began under a protocol that was agreed."""
        return [cls.LIVE, cls.PAUSED, cls.MEASURED, cls.EVALUATED]


class Follows(TextChoices):
    """What follows of a difficulty that an action writes; others say it in words of their own."""

    PAUSED = "experiment.paused", _("The experiment is paused.")
    GIVEN_UP = "experiment.abandoned", _("The experiment is given up.")


class Aim(TextChoices):
    """Which way an indicator should go."""

    UP = "up", pgettext_lazy("aim", "rise")
    DOWN = "down", pgettext_lazy("aim", "fall")


class Verdict(TextChoices):
    """What an evaluation ends with; a failure is an ordinary outcome."""

    GENERALISE = "generalise", _("to be generalised")
    ADAPT = "adapt", _("to be adapted")
    PROLONG = "prolong", _("to be prolonged")
    ABANDON = "abandon", _("to be given up")
    INCONCLUSIVE = "inconclusive", _("not conclusive")

    @classmethod
    def successes(cls) -> list[str]:
        """Give the verdicts after which an experiment may be shared."""
        return [cls.GENERALISE, cls.ADAPT]


class LessonState(TextChoices):
    """How far a lesson for the master plan is."""

    PROPOSED = "proposed", pgettext_lazy("lesson", "to be reviewed")
    SENT_BACK = "sent_back", pgettext_lazy("lesson", "to be written again")
    ACCEPTED = "accepted", pgettext_lazy("lesson", "in the master plan")
    REFUSED = "refused", pgettext_lazy("lesson", "not retained")


class CommonState(TextChoices):
    """How far a success is shared; it is a common once another commune has confirmed it."""

    OFFERED = "offered", pgettext_lazy("common", "offered to other communes")
    CONFIRMED = "confirmed", pgettext_lazy("common", "digital common")
    WITHDRAWN = "withdrawn", pgettext_lazy("common", "withdrawn")


class ReplicationState(TextChoices):
    """How far a commune is with what another one tried."""

    REQUESTED = "requested", pgettext_lazy("replication", "asked for")
    CHECKED = "checked", pgettext_lazy("replication", "tried without effect")
    LIVE = "live", pgettext_lazy("replication", "running")
    MEASURED = "measured", pgettext_lazy("replication", "measured")
    CONFIRMED = "confirmed", pgettext_lazy("replication", "confirmed")
    ROLLED_BACK = "rolled_back", pgettext_lazy("replication", "taken back")
    GIVEN_UP = "given_up", pgettext_lazy("replication", "given up")

    @classmethod
    def over(cls) -> list[str]:
        """Give the states after which the commune may ask again."""
        return [cls.ROLLED_BACK, cls.GIVEN_UP]

    @classmethod
    def installed(cls) -> list[str]:
        """Give the states of what runs in the commune."""
        return [cls.LIVE, cls.MEASURED, cls.CONFIRMED]
