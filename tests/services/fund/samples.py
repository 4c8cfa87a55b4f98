"""Grants made for tests."""

from __future__ import annotations

from datetime import date, timedelta

from communs.core.communities.models import Community
from communs.services.fund.models import Fact, Grant, Programme, Round

_EVERYBODY = (
    "fund:index",
    "fund:register",
    "fund:register_csv",
    "fund:register_json",
    "fund:register_geojson",
    "fund:register_scdl",
    "fund:register_scdl_before",
    "fund:register_scdl_long",
    "fund:calls_csv",
    "fund:calls_csv_of_2026",
    "fund:dcat",
    "fund:register_360giving",
    "fund:map_geojson",
    "fund:map",
    "fund:grant",
    "fund:rounds",
    "fund:round",
    "fund:beneficiary",
    "api:fund_register",
    "api:fund_grant",
    "api:fund_rounds",
)
_EDITORS = (
    "fund:add_fact",
    "fund:correct_fact",
    "fund:withdraw_fact",
    "api:fund_facts",
    "api:fund_fact",
    "api:withdraw_fact",
)
_CALLS = ("fund:call", "api:fund_calls", "api:fund_call")
# Rights come from the organisations that one acts for, and from tasks in the fund: who may read or
# write which file is tried in tests/services/fund, file by file.
_SIGNED_IN = (
    "fund:begin",
    "fund:register_organisation",
    "fund:board",
    "fund:files",
    "fund:file",
    "fund:project",
    "fund:form",
    "fund:newer_form",
    "fund:fill",
    "fund:plan",
    "fund:check_plan",
    "fund:partners",
    "fund:invite",
    "fund:share_equally",
    "fund:remove_partner",
    "fund:signatures",
    "fund:sign",
    "fund:take_back",
    "fund:send",
    "fund:answer",
    "fund:withdraw",
    "fund:receipt",
    "fund:examine",
    "fund:assign",
    "fund:ask_missing",
    "fund:complete",
    "fund:eligible",
    "fund:ineligible",
    "fund:look_again",
    "fund:close",
    "api:fund_application*",
)
_MANAGERS = (
    "fund:day",
    "fund:manage",
    "fund:manage_call",
    "fund:add_programme",
    "fund:add_envelope",
    "fund:add_rules",
    "fund:next_rules",
    "fund:add_call",
    "fund:change_call",
    "fund:publish_call",
    "fund:archive_call",
    "fund:add_criterion",
    "fund:add_phase",
    "fund:add_site",
    "fund:remove_criterion",
    "fund:remove_phase",
    "fund:remove_site",
    "fund:appoint",
    "fund:end_appointment",
    "fund:add_contact",
    "fund:bodies",
    "fund:set_body_siret",
)
_MANAGING_API = (
    "api:fund_managed_calls",
    "api:fund_managed_call",
    "api:fund_call_choices",
    "api:fund_call_published",
    "api:fund_call_archived",
    "api:fund_call_criteria",
    "api:fund_call_criterion",
    "api:fund_call_phases",
    "api:fund_call_phase",
    "api:fund_call_sites",
    "api:fund_call_site",
)
_SITTING = (
    "fund:share",
    "fund:committee",
    "fund:plan_committee",
    "fund:room",
    "fund:write_agenda",
    "fund:close_session",
    "fund:rankings",
    "fund:rank",
    "fund:minutes_pdf",
    "fund:minutes_docx",
    "fund:opine",
    "fund:take_off",
    "fund:ranking",
    "fund:retain",
    "fund:attend",
    "fund:open_session",
    "fund:plan_bureau",
    "fund:sitting",
    "fund:deliberate",
    "fund:add_decisions",
    "fund:vote",
    "fund:seal",
    "fund:decide",
    "fund:undecide",
)
_SITTING_API = (
    "api:fund_committee",
    "api:fund_committee_session",
    "api:fund_bureau",
    "api:fund_bureau_session",
)
_REVIEWING = (
    "fund:reviews",
    "fund:interests",
    "fund:end_interest",
    "fund:review",
    "fund:give",
    "fund:take_back_review",
    "fund:agree",
    "fund:finish",
    "fund:recuse",
)
_AGREED = (
    "fund:agreement",
    "fund:agreement_pdf",
    "fund:agreement_docx",
    "fund:draft_agreement",
    "fund:send_agreement",
    "fund:sign_agreement",
    "fund:scan_agreement",
    "fund:end_agreement",
    "fund:extend",
    "fund:let_partner_go",
    "fund:shift_budget",
    "fund:amendment_pdf",
    "fund:vote_amendment",
    "fund:sign_amendment",
    "fund:abandon_amendment",
    "fund:claim",
    "fund:check_claim",
    "fund:reject_claim",
    "fund:check_payment",
    "fund:order_payment",
    "fund:pay",
    "fund:reject_payment",
    "fund:receive",
    "fund:finance",
    "api:fund_agreement*",
    "api:fund_payment*",
    "api:fund_claim*",
)
_AGREEING = (
    "fund:agreements",
    "fund:scan_agreements",
    "fund:pilot",
    "fund:agreement_templates",
    "fund:add_template",
    "fund:change_template",
    "fund:choose_template",
)
_ACTS = (
    "fund:bureau",
    "fund:act",
    "fund:act_pdf",
    "fund:act_docx",
    "fund:acts_csv",
    "fund:acts_json",
    "api:fund_acts",
    "api:fund_act",
)
_PLAN = (
    "fund:master_plan",
    "fund:master_plan_csv",
    "fund:master_plan_json",
    "fund:challenge",
    "fund:editions",
    "fund:commons",
    "fund:commons_csv",
    "fund:commons_json",
    "fund:common",
    "api:fund_master_plan",
    "api:fund_commons",
    "api:fund_common",
)
_TAKING_OVER = (
    "fund:ask_common",
    "fund:give_up_copy",
    "fund:measure_copy",
    "api:fund_replications",
)
_PLANNING = (
    "fund:manage_plan",
    "fund:add_workstream",
    "fund:change_workstream",
    "fund:close_workstream",
    "fund:draw_lesson",
    "fund:lesson",
    "fund:write_lesson",
    "fund:review_lesson",
    "fund:manage_commons",
    "fund:offer_common",
    "fund:withdraw_common",
    "fund:confirm_copy",
)
_TRIED = (
    "fund:experiments",
    "fund:experiments_csv",
    "fund:experiments_json",
    "fund:experiment",
    "fund:panel",
    "fund:panel_answer",
    "fund:panel_leave",
    "fund:evaluation",
    "fund:evaluation_*",
    "api:fund_experiment*",
    "api:fund_evaluation",
)
_DESIGNING = ("fund:design_experiment",)
_TRYING = (
    "fund:design_experiment",
    "fund:protocol",
    "fund:agree_protocol",
    "fund:configure_experiment",
    "fund:enrol_tester",
    "fund:reach_milestone",
    "fund:settle_difficulty",
    "fund:moderate_feedback",
    "fund:testers",
    "fund:evaluate_experiment",
    "fund:decide_verdict",
    "fund:experiment_*",
)
# For whom each route is: tests/conformance/test_isolation.py tries them all.
FOR_WHOM = (
    dict.fromkeys((*_EVERYBODY, *_CALLS, *_ACTS, *_PLAN, *_TRIED), "everybody")
    | dict.fromkeys(_EDITORS, "editors here")
    | dict.fromkeys(
        (*_SIGNED_IN, *_REVIEWING, *_AGREED, *_TRYING, *_TAKING_OVER), "whoever is signed in"
    )
    | dict.fromkeys(
        (*_MANAGERS, *_MANAGING_API, *_SITTING, *_SITTING_API, *_AGREEING, *_PLANNING, *_DESIGNING),
        "administrators here",
    )
)


def make(count: int) -> None:
    """Make `count` grants in the community in force, in a round of their own, each with a fact."""
    programme, _ = Programme.objects.get_or_create(
        code="test", defaults={"acronym": "TEST", "name": "Programme d’essai"}
    )
    held = Round.objects.count()
    day = date(2020, 1, 1) + timedelta(days=held)
    award = Round.objects.create(programme=programme, awarded_on=day, body="Bureau")
    communes = list(Community.objects.communes().order_by("slug")[:count])
    for number, commune in enumerate(communes, start=1):
        grant = Grant.objects.create(
            round=award,
            number=number,
            reference=f"test-{held}-{number}",
            beneficiary=commune,
            territory=commune.affiliations.exclude(group__kind="metropolis").get().group,
            beneficiary_as_published=commune.name,
            title=f"Essai {number}",
            title_as_published=f"Essai {number}",
            awarded_on=day,
            words=f"essai {number}",
        )
        Fact.objects.create(
            grant=grant, code="test", text_fr="Essai.", text_en="Test.", source="tests"
        )
