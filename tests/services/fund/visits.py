"""Pages of the fund that no link leads to; the metropolis runs it, see tests/journeys/visits.py."""

from __future__ import annotations

from tests.journeys.visiting import Visit

SHOWN = ""
_WRITERS = "for who acts for a partner; tests/services/fund/test_application_pages.py"
# Routes that no page links to, each with why.
NOT_PAGES = {
    "fund:map_geojson": "what the interactive map draws",
    "fund:register_scdl_before": "leads from the address of before to the file",
    **dict.fromkeys(
        (
            "fund:abandon_amendment",
            "fund:amendment_pdf",
            "fund:check_claim",
            "fund:check_payment",
            "fund:claim",
            "fund:draft_agreement",
            "fund:finance",
            "fund:order_payment",
            "fund:pay",
            "fund:receive",
            "fund:reject_claim",
            "fund:reject_payment",
            "fund:scan_agreement",
            "fund:send_agreement",
            "fund:sign_agreement",
            "fund:sign_amendment",
            "fund:vote_amendment",
        ),
        "for who runs, pays or signs; tests/services/fund/test_agreements_pages.py",
    ),
    **dict.fromkeys(
        (
            "fund:agree_protocol",
            "fund:configure_experiment",
            "fund:decide_verdict",
            "fund:enrol_tester",
            "fund:evaluate_experiment",
            "fund:experiment_measure",
            "fund:experiment_pause",
            "fund:experiment_resume",
            "fund:experiment_start",
            "fund:panel",
            "fund:panel_answer",
            "fund:panel_leave",
            "fund:reach_milestone",
            "fund:moderate_feedback",
            "fund:settle_difficulty",
        ),
        "for who runs, hosts or tests; test_experiment_pages.py and test_panels.py",
    ),
    **dict.fromkeys(
        ("fund:correct_fact", "fund:withdraw_fact"),
        "the newest grants have no fact yet; tests/journeys/test_kernel_scene.py",
    ),
    **dict.fromkeys(
        (
            "fund:add_criterion",
            "fund:add_decisions",
            "fund:add_site",
            "fund:agree",
            "fund:decide",
            "fund:deliberate",
            "fund:end_interest",
            "fund:finish",
            "fund:give",
            "fund:interests",
            "fund:open_session",
            "fund:recuse",
            "fund:register_organisation",
            "fund:retain",
            "fund:reviews",
            "fund:seal",
            "fund:take_back_review",
            "fund:take_off",
            "fund:undecide",
            "fund:vote",
        ),
        "for who has a task in the fund; tests/journeys/test_fund_award.py walks the way",
    ),
    **dict.fromkeys(
        (
            "fund:ask_common",
            "fund:confirm_copy",
            "fund:draw_lesson",
            "fund:give_up_copy",
            "fund:measure_copy",
        ),
        "what waits for somebody; tests/services/fund/test_commons.py and test_master_plan.py",
    ),
    **dict.fromkeys(
        (
            "fund:archive_call",
            "fund:publish_call",
            "fund:check_plan",
            "fund:remove_criterion",
            "fund:remove_partner",
            "fund:remove_phase",
            "fund:remove_site",
            "fund:share_equally",
            "fund:take_back",
        ),
        "sent by a form",
    ),
    **dict.fromkeys(
        (
            "fund:answer",
            "fund:fill",
            "fund:invite",
            "fund:newer_form",
            "fund:project",
            "fund:send",
            "fund:sign",
            "fund:withdraw",
        ),
        _WRITERS,
    ),
    **dict.fromkeys(
        (
            "fund:eligible",
            "fund:ineligible",
            "fund:look_again",
        ),
        "for who examines a file; tests/services/fund/test_application_pages.py",
    ),
}


STATES: list[Visit] = [
    Visit("/fonds/appels/nulle-part/", 404),
    Visit("/fonds/communs/nulle-part/", 404),
    Visit("/fonds/schema-directeur/nulle-part/", 404),
]

STATES_OF_MEMBERS: list[Visit] = []
