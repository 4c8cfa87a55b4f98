"""Routes that no page links to, each with why."""

from __future__ import annotations

from importlib import import_module

from communs.core.registry.queries import services

NOT_PAGES = {
    "notifications:bell": "a part of the header, asked for by a script",
    "notifications:read": "sent by a form",
    "notifications:unsubscribe": "the link of an e-mail",
    **dict.fromkeys(
        (
            "forms:add_node",
            "forms:condition",
            "forms:exported",
            "forms:form",
            "forms:imported",
            "forms:node",
            "forms:preview",
            "forms:preview_first",
            "forms:publish",
            "forms:settings",
            "forms:test",
            "forms:tests",
            "forms:trial",
            "forms:trial_move",
            "forms:trial_page",
            "forms:version",
            "forms:versions",
        ),
        "an agent’s editor of forms; tests/core/forms/test_editor.py",
    ),
    "bundles:receive": "sent by a form; a refusal is in STATES_SIGNED_IN",
    "bundles:received": "a file was sent first; see STATES_SIGNED_IN",
    "bundles:installation": "a configuration was installed first; see STATES_SIGNED_IN",
    "metrics": "for machines that watch over the server",
    "robots": "for search engines",
    "security_contact": "a text at an address that a standard gives",
    "well_known_password": "leads to the password’s page",
    "files:image": "a file",
    "files:show": "a file",
    "web:outlines": "what the map on which a place is chosen draws",
    "web:search_suggestions": "a part of the search box, asked for by a script",
    "web:journal_check": "sent by a form",
    "web:journal_export": "sent by a form",
    "web:member_end": "sent by a form",
    "web:member_role": "sent by a form",
    "web:take_token_back": "sent by a form",
    "web:invitation": "the link of an e-mail; a dead one is in STATES_SIGNED_IN",
    "web:member_invitation": "the demonstration has invited nobody; see STATES_SIGNED_IN",
    "web:deliveries": "linked when something failed; see STATES_SIGNED_IN",
    "web:delegation_end": "for who lends a role to a colleague",
    **dict.fromkeys(
        (
            "web:wizard",
            "web:wizard_account",
            "web:wizard_checks",
            "web:wizard_metropolis",
            "web:wizard_services",
        ),
        "only before the first run; see test_wizard.py",
    ),
    "web:colours": "a style sheet",
    "web:health": "for machines that watch over the server",
    "web:sign_in": "leads to the sign-in page",
    "account_request_login_code": "leads to the sign-in page",
    "account_inactive": "shown to who has a closed account; see STATES",
    "account_logout": "a form leads there; see STATES_SIGNED_IN",
    "account_confirm_login_code": "a form leads there; see STATES",
    "account_confirm_password_reset_code": "a form leads there; see STATES",
    "account_complete_password_reset": "a code leads there",
    "account_email_verification_sent": "a form leads there, to the same page as a sign-in code’s",
    "account_reauthenticate": "sensitive pages lead there; see STATES_SIGNED_IN",
    "account_set_password": "for who has no password",
    "people:again": "for who has no password",
    "identity_leave": "no identity provider is set",
    "identity_return": "no identity provider is set",
    "socialaccount_signup": "no identity provider is set",
    "mfa_login_webauthn": "an answer for the passkey's script",
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_edit_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_list_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
        ),
        "for who has a second factor",
    ),
}
for _service in services():
    NOT_PAGES |= import_module(f"tests.services.{_service.key}.visits").NOT_PAGES


def is_for_programs(route: str) -> bool:
    """Tell the API's answers, which pages name but rarely link to."""
    return route.startswith("api:")
