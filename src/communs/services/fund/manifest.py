"""The fund: calls, grants, evidence, and the public register of what was funded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format, MenuEntry, Service
from communs.services.fund.options import FundOptions


class Fund(Service):
    """The metropolis' fund for digital experiments."""

    name = "communs.services.fund"
    label = "fund"
    slug = "fonds"
    title = _("The fund")
    summary = _("What the metropolis funds, for whom, and what became of it.")
    icon = "euro"
    options = FundOptions
    events: ClassVar[Mapping[str, Any]] = {
        "fund.communique_imported": _("Communiqué imported"),
        "fund.fact_added": _("Known fact added"),
        "fund.fact_corrected": _("Known fact corrected"),
        "fund.fact_withdrawn": _("Known fact withdrawn"),
        "fund.programme_added": _("Programme of the fund added"),
        "fund.rules_added": _("Version of funding rules added"),
        "fund.envelope_added": _("Envelope of the fund added"),
        "fund.call_added": _("Call begun"),
        "fund.call_changed": _("Call changed"),
        "fund.call_published": _("Call published"),
        "fund.call_archived": _("Call archived"),
        "fund.criterion_added": _("Criterion of a call added"),
        "fund.criterion_removed": _("Criterion of a call removed"),
        "fund.phase_added": _("Phase of examination added"),
        "fund.phase_removed": _("Phase of examination removed"),
        "fund.site_added": _("Site of a call added"),
        "fund.site_removed": _("Site of a call removed"),
        "fund.appointed": _("Task in the fund given"),
        "fund.appointment_ended": _("Task in the fund taken back"),
        "fund.organisation_registered": _("Firm or association registered with the fund"),
        "fund.contact_added": _("Contact of a firm added"),
        "fund.application_begun": _("Application begun"),
        "fund.project_described": _("Project of an application described"),
        "fund.answers_written": _("Form of an application filled"),
        "fund.answers_moved": _("Application moved to a newer form"),
        "fund.plan_written": _("Financing plan written"),
        "fund.partner_invited": _("Partner asked to join an application"),
        "fund.partner_removed": _("Partner removed from an application"),
        "fund.shares_set": _("Parts of the partners set"),
        "fund.shares_made_equal": _("Parts of the partners made equal"),
        "fund.partner_signed": _("Partner signed an application"),
        "fund.signature_taken_back": _("Partner took its signature back"),
        "fund.draft_forgotten": _("Draft of an application erased"),
        "fund.application_submitted": _("Application sent"),
        "fund.application_withdrawn": _("Application withdrawn"),
        "fund.instructor_assigned": _("Instructor of an application named"),
        "fund.missing_asked": _("Missing items of an application asked for"),
        "fund.missing_answered": _("Missing item of an application answered"),
        "fund.application_complete": _("Application found complete"),
        "fund.application_eligible": _("Application found eligible"),
        "fund.application_ineligible": _("Application found not eligible"),
        "fund.application_reopened": _("Application looked at again"),
        "fund.application_closed": _("Application closed without action"),
        "fund.interest_declared": _("Interest declared"),
        "fund.interest_ended": _("Declared interest ended"),
        "fund.review_assigned": _("File given to a reviewer"),
        "fund.review_withdrawn": _("File taken back from a reviewer"),
        "fund.reviews_shared": _("Files shared out among reviewers"),
        "fund.review_sent": _("Opinion on a file sent"),
        "fund.scores_agreed": _("Scores of a file given together"),
        "fund.application_reviewed": _("Examination of a file ended"),
        "fund.session_planned": _("Session planned"),
        "fund.agenda_written": _("Files put on an agenda"),
        "fund.agenda_shortened": _("File taken off an agenda"),
        "fund.attendance_noted": _("Attendance of a session noted"),
        "fund.session_opened": _("Session opened"),
        "fund.scenario_made": _("Ranking made"),
        "fund.scenario_changed": _("Ranking changed by hand"),
        "fund.scenario_retained": _("Ranking retained"),
        "fund.opinion_given": _("Opinion of the committee noted"),
        "fund.session_closed": _("Session closed"),
        "fund.deliberation_written": _("Deliberation begun"),
        "fund.decision_added": _("File put before the Bureau"),
        "fund.decision_removed": _("File taken off a deliberation"),
        "fund.decision_set": _("Decision of the Bureau written"),
        "fund.vote_noted": _("Vote of the Bureau noted"),
        "fund.deliberation_sealed": _("Deliberation sealed"),
        "fund.template_added": _("Template of agreements added"),
        "fund.template_changed": _("Template of agreements changed"),
        "fund.template_chosen": _("Template of a call’s agreements chosen"),
        "fund.agreement_drafted": _("Agreement drafted"),
        "fund.agreement_sent": _("Agreement given to be signed"),
        "fund.agreement_signed": _("Agreement signed"),
        "fund.agreement_ended": _("Agreement ended before its time"),
        "fund.pages_attached": _("Scanned pages attached to agreements"),
        "fund.amendment_written": _("Amendment written"),
        "fund.amendment_voted": _("Amendment voted"),
        "fund.amendment_signed": _("Amendment signed"),
        "fund.amendment_abandoned": _("Amendment abandoned"),
        "fund.claim_made": _("Instalment claimed"),
        "fund.claim_checked": _("Claim accepted"),
        "fund.claim_rejected": _("Claim rejected"),
        "fund.payment_checked": _("Payment checked"),
        "fund.payment_ordered": _("Payment ordered"),
        "fund.payment_paid": _("Payment made"),
        "fund.payment_rejected": _("Payment rejected"),
        "fund.recovery_received": _("Money paid too much received back"),
        "fund.workstream_added": _("Workstream of the master plan added"),
        "fund.workstream_changed": _("Workstream of the master plan changed"),
        "fund.workstream_closed": _("Workstream of the master plan closed"),
        "fund.lesson_proposed": _("Lesson for the master plan proposed"),
        "fund.lesson_written": _("Lesson for the master plan written anew"),
        "fund.lesson_reviewed": _("Lesson for the master plan reviewed"),
        "fund.common_offered": _("Success offered to other communes"),
        "fund.common_evidence_updated": _("Digital common: its evidence brought up to date"),
        "fund.common_withdrawn": _("Digital common withdrawn"),
        "fund.replication_asked": _("Digital common asked for"),
        "fund.replication_given_up": _("Request for a digital common taken back"),
        "fund.replication_checked": _("Digital common tried without effect"),
        "fund.replication_live": _("Digital common installed"),
        "fund.replication_measured": _("Copy of a digital common measured"),
        "fund.replication_confirmed": _("Copy of a digital common confirmed"),
        "fund.replication_undone": _("Copy of a digital common taken back"),
        "fund.experiment_designed": _("Experiment designed"),
        "fund.protocol_set": _("Protocol of an experiment written"),
        "fund.protocol_agreed": _("Protocol of an experiment agreed"),
        "fund.experiment_configured": _("Service of an experiment switched on"),
        "fund.experiment_started": _("Experiment started"),
        "fund.experiment_paused": _("Experiment paused"),
        "fund.experiment_resumed": _("Experiment resumed"),
        "fund.experiment_measured": _("Trial of an experiment ended"),
        "fund.experiment_abandoned": _("Experiment given up"),
        "fund.milestone_added": _("Milestone of an experiment added"),
        "fund.milestone_reached": _("Milestone of an experiment reached"),
        "fund.difficulty_logged": _("Difficulty of an experiment logged"),
        "fund.difficulty_settled": _("Difficulty of an experiment settled"),
        "fund.visit_noted": _("Visit of an adviser noted"),
        "fund.tester_enrolled": _("Resident joined a panel"),
        "fund.tester_left": _("Resident left a panel"),
        "fund.feedback_given": _("Resident of a panel answered"),
        "fund.feedback_read": _("Resident’s words read, shown or not"),
        "fund.experiment_evaluated": _("Experiment evaluated"),
        "fund.verdict_decided": _("Verdict on an experiment decided"),
    }
    consultations: ClassVar[Mapping[str, Any]] = {
        "fund.testers": _("Residents who test a service"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "forget_drafts": _("Erase drafts of applications that nobody wrote in for long"),
    }
    default_on: ClassVar[tuple[str, ...]] = ("metropolis",)
    permissions: ClassVar[Mapping[str, Any]] = {
        "fund.edit": _("Write what is known of an experiment"),
        "fund.manage": _("Run programmes, calls and tasks of the fund"),
        "fund.examine": _("Decide whether applications are complete and eligible"),
        "fund.read_application": _("Read applications to the fund"),
        "fund.write_application": _("Write applications to the fund for one’s organisation"),
        "fund.lead_application": _("Invite partners and send an application"),
        "fund.sign_application": _("Commit one’s organisation to an application"),
        "fund.read_paper": _("Read the papers of an application"),
        "fund.review": _("Give one’s opinion on files of the fund"),
        "fund.sit": _("Read the sessions of the committee and of the Bureau"),
        "fund.run_committee": _("Run the sessions of the committee"),
        "fund.run_bureau": _("Run the sessions of the Bureau, and seal"),
        "fund.agree": _("Draft agreements and their amendments"),
        "fund.read_agreement": _("Read agreements and their payments"),
        "fund.claim": _("Claim the instalments of one’s organisation"),
        "fund.check_claim": _("Check what is claimed"),
        "fund.pay": _("Order and note payments"),
        "fund.read_signed": _("Read signed agreements and the evidence of claims"),
        "fund.replicate": _("Take a digital common over for one’s commune"),
        "fund.run_experiment": _("Run an experiment and its protocol"),
        "fund.write_experiment": _("Write what happens in an experiment"),
        "fund.decide_verdict": _("Decide the verdict on an experiment"),
    }
    menu: ClassVar[Sequence[MenuEntry]] = (
        MenuEntry(_("The fund"), "fund:index"),
        MenuEntry(_("Register"), "fund:register"),
        MenuEntry(_("Digital commons"), "fund:commons"),
        MenuEntry(_("Experiments"), "fund:experiments"),
    )
    datasets: ClassVar[Sequence[Dataset]] = (
        Dataset(
            key="register",
            title=_("Register of grants"),
            description=_(
                "Every published grant of the fund: beneficiary, experiment, theme, challenge,"
                " date of award. An amount that was not published stays empty; it is never 0."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:GrantOut",
            formats=(
                Format("CSV", "fund:register_csv", "text/csv"),
                Format("JSON", "fund:register_json", "application/json"),
                Format("GeoJSON", "fund:register_geojson", "application/geo+json", "RFC 7946"),
                Format(
                    "SCDL",
                    "fund:register_scdl",
                    "text/csv",
                    "SCDL subventions 2.1",
                    "https://gitlab.com/opendatafrance/scdl/subventions/raw/v2.1.1/schema.json",
                ),
                Format(
                    "SCDL 2.1.1",
                    "fund:register_scdl_long",
                    "text/csv",
                    "SCDL subventions 2.1.1",
                    "https://github.com/betagouv/SCDL-Subvention-DataSubvention",
                ),
                Format(
                    "360Giving",
                    "fund:register_360giving",
                    "application/json",
                    "360Giving 1.4",
                    "https://standard.threesixtygiving.org/",
                ),
            ),
            keywords=("subvention", "subventions"),  # by which décret 2017-779 has them found
        ),
        Dataset(
            key="calls",
            title=_("Calls of the fund"),
            description=_(
                "Every published call: what it asks for, from whom, at which rate, from when to"
                " when. A line is a scheme of aid that grants refer to."
            ),
            licence="Licence Ouverte 2.0",
            formats=(
                Format(
                    "CSV",
                    "fund:calls_csv",
                    "text/csv",
                    "Dispositif d’aide 0.0.1",
                    "https://github.com/etalab/schema-dispositif-aide/raw/v0.0.1/schema.json",
                ),
                Format(
                    "CSV 0.2.0",
                    "fund:calls_csv_of_2026",
                    "text/csv",
                    "Dispositif d’aide 0.2.0",
                    "https://github.com/etalab/schema-dispositif-aide/raw/v0.2.0/build"
                    "/dispositif-aide/schema.json",
                ),
            ),
            keywords=("aides", "appel à projets"),
        ),
        Dataset(
            key="experiments",
            title=_("Experiments and their verdicts"),
            description=_(
                "Every experiment that began: question, service, commune, days, state, and the"
                " verdict proposed and decided. Each evaluation gives its frozen figures."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:ExperimentOut",
            formats=(
                Format("CSV", "fund:experiments_csv", "text/csv"),
                Format("JSON", "fund:experiments_json", "application/json"),
            ),
        ),
        Dataset(
            key="deliberations",
            title=_("Deliberations of the Bureau"),
            description=_(
                "What each sealed act decides on each application: awarded, refused, postponed,"
                " with its reason, its vote and its seal (SHA-256)."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:DecisionOut",
            formats=(
                Format("CSV", "fund:acts_csv", "text/csv"),
                Format("JSON", "fund:acts_json", "application/json"),
            ),
        ),
        Dataset(
            key="catalogue",
            title=_("Catalogue of open data"),
            description=_("Everything that is listed here, for portals that gather it."),
            licence="Licence Ouverte 2.0",
            formats=(Format("Turtle", "fund:dcat", "text/turtle", "DCAT-AP 3.0.0"),),
        ),
        Dataset(
            key="master-plan",
            title=_("Master plan: from funded to replicated"),
            description=_(
                "For each challenge of the master plan: how many grants were funded, are live,"
                " proven, replicated; of how many nothing is known; its workstreams and lessons."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:ChallengeOut",
            formats=(
                Format("CSV", "fund:master_plan_csv", "text/csv"),
                Format("JSON", "fund:master_plan_json", "application/json"),
            ),
        ),
        Dataset(
            key="commons",
            title=_("Digital commons"),
            description=_(
                "Evaluated successes that communes share with their configuration: verdict,"
                " licence, SHA-256 of the configuration, communes that run it, copies confirmed."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:CommonOut",
            formats=(
                Format("CSV", "fund:commons_csv", "text/csv"),
                Format("JSON", "fund:commons_json", "application/json"),
            ),
        ),
    )
