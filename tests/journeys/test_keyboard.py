"""Everything can be done with the keyboard alone, and one always sees where one is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.visiting import PASSWORD, sign_in
from tests.journeys.visits import ADMINISTRATOR
from tests.journeys.watching import PATIENCE, Watch, watched
from tests.launcher.starting import NBSP

pytestmark = pytest.mark.browser

MOST_STOPS = 400
ASKED = "?q=stationement&theme=&challenge=&territory=&year="
UNREADABLE, PLUM, FOREST = "#ffee00", "#7a1f5c", "#1f5c3a"
BRAND, WARM = "#0b5b63", "#b93d17"
RGB = {PLUM: "rgb(122, 31, 92)", FOREST: "rgb(31, 92, 58)"}

# The element in focus, the card that it lights, or the land under it on a map.
STOP = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = (one) => getComputedStyle(one);
  const ringed = (one) => style(one).boxShadow !== "none"
    || (style(one).outlineStyle !== "none" && parseFloat(style(one).outlineWidth) >= 2);
  const land = node instanceof SVGElement ? node.querySelector("path") : null;
  const card = node.closest(".card-link");
  const box = node.getBoundingClientRect();
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const lit = ringed(node) || (card && ringed(card)) || (land && style(land).filter !== "none");
  const name = node.getAttribute("aria-label") || node.innerText || node.name || node.id;
  return {name: `${node.tagName.toLowerCase()} « ${(name ?? "").trim().slice(0, 50)} »`,
    seen: Boolean(lit && inside), date: node.type === "date"};
}"""

TELL_SWAPS = """document.addEventListener("htmx:after:swap",
  () => document.documentElement.toggleAttribute("data-swapped", true))"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element is reached, unless one is there already."""
    for _ in range(MOST_STOPS):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{page.url}: no stop of the keyboard is {selector}")


def type_in(page: Page, selector: str, text: str) -> None:
    """Go to a field and put a text in place of its own."""
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press_enter(page: Page, leads_to: str) -> None:
    """Follow the link, or send the form, that has the focus."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(leads_to)


@pytest.fixture
def options() -> dict[str, object]:
    """A page that jumps to what has the focus: what is seen at each stop is then settled."""
    return {"reduced_motion": "reduce"}


@pytest.fixture
def antony_as_before(browser: Browser, origin: str) -> Iterator[None]:
    """Give Antony the platform's own colours back."""
    yield
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR)
        page.goto("/antony/reglages/apparence/")
        page.locator("[name=brand]").fill(BRAND)
        page.locator("[name=warm]").fill(WARM)
        page.locator("main form.form button[type=submit]").click()
        expect(page).to_have_url("/antony/reglages/")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/communes/",
        "/fonds/registre/",
        "/fonds/registre/fmin-2018-12/",
        "/antony/",
        "/donnees/",
    ],
)
def test_focus_is_always_visible(page: Page, address: str):
    page.goto(address)
    dates = page.locator("main input[type=date]")
    at_rest = [field.screenshot() for field in dates.all()]
    hidden, stops = [], 0
    page.keyboard.press("Tab")
    while (stop := page.evaluate(STOP)) and stops < MOST_STOPS:
        stops += 1
        # A date has stops inside it, which only a picture shows.
        pictures = [field.screenshot() for field in dates.all()] if stop["date"] else at_rest
        hidden += [] if stop["seen"] or pictures != at_rest else [stop["name"]]
        page.keyboard.press("Tab")
    assert hidden == []
    assert 10 < stops < MOST_STOPS


def test_from_home_to_a_grant_and_back(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/")
    tab_to(page, "#site-menu a[href='/fonds/registre/']")
    press_enter(page, "/fonds/registre/")
    type_in(page, "main [name=q]", "stationement")
    press_enter(page, f"/fonds/registre/{ASKED}")
    expect(page.locator("main tbody th")).to_have_text(
        ["Stationnement intelligent", "Smart parking"]
    )
    tab_to(page, "main tbody th a")
    press_enter(page, "/fonds/registre/fmin-2018-03/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stationnement intelligent")
    page.go_back()  # the browser's own key, which a browser without a window does not have
    expect(page.locator("main [name=q]")).to_have_value("stationement")


def test_filters_are_chosen_and_removed(page: Page):
    page.goto("/fonds/registre/")
    every = page.locator("main tbody tr").count()
    tab_to(page, "select[name=theme]")
    page.keyboard.type("Part")
    tab_to(page, "main form button")
    press_enter(page, "/fonds/registre/?q=&theme=participation&challenge=&territory=&year=")
    expect(page.locator("main tbody tr")).to_have_count(4)
    tab_to(page, "main a.chip")
    chip = page.locator("main a.chip:focus")
    expect(chip).to_have_text("Retirer le filtre Participation citoyenne")
    press_enter(page, "/fonds/registre/?q=&challenge=&territory=&year=")
    expect(page.locator("main tbody tr")).to_have_count(every)


def test_the_focus_stays_when_results_come_again(page: Page):
    page.goto("/fonds/registre/?theme=participation")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if "hx-request" in route.request.headers:
            waiting.append(route)
        else:  # the page may ask itself what is new
            route.continue_()

    page.route("**/fonds/registre/?*", hold)
    page.evaluate(TELL_SWAPS)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    tab_to(page, "main a.chip")
    for _look in range(PATIENCE // 100):
        if waiting:
            break
        page.wait_for_timeout(100)
    [route] = waiting
    route.continue_()
    expect(page.locator("html[data-swapped]")).to_be_attached()
    chip = page.get_by_role("link", name="Retirer le filtre Participation citoyenne")
    expect(chip).to_be_focused()


def test_the_menu_of_a_narrow_screen_opens_and_closes(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    menu = page.locator("#site-menu")
    expect(menu).to_be_hidden()
    tab_to(page, ".menu-button")
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    tab_to(page, "#site-menu a[href='/communes/']")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".menu-button")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#site-menu a[href='/communes/']")
    press_enter(page, "/communes/")


def test_the_map_can_be_skipped_or_walked(page: Page):
    page.goto("/fonds/registre/carte/")
    tab_to(page, "figure a.skip")
    page.keyboard.press("Tab")
    tab_to(page, "figure svg a[href='/antony/']")
    land = f"a « Antony{NBSP}: 1 expérimentation »"
    assert page.evaluate(STOP) == {"name": land, "seen": True, "date": False}
    page.goto("/fonds/registre/carte/")
    tab_to(page, "figure a.skip")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/fonds/registre/carte/#list")
    tab_to(page, "#list tbody a")
    press_enter(page, "/fonds/beneficiaires/alfortville/")


def signs_in(page: Page) -> None:
    """Sign in to Antony from its home, with the keyboard."""
    page.goto("/antony/")
    tab_to(page, ".site-tools a[href='/antony/compte/connexion/']")
    press_enter(page, "/antony/compte/connexion/")
    type_in(page, "[name=login]", ADMINISTRATOR)
    type_in(page, "[name=password]", PASSWORD)
    press_enter(page, "/antony/")


def chooses(page: Page, colour: str, leads_to: str) -> None:
    """Choose Antony's main colour from its settings, with the keyboard."""
    page.goto("/antony/reglages/")
    tab_to(page, "a[href='/antony/reglages/apparence/']")
    press_enter(page, "/antony/reglages/apparence/")
    type_in(page, "[name=brand]", colour)
    press_enter(page, leads_to)


def test_an_administrator_signs_in_finds_the_settings_and_signs_out(page: Page):
    signs_in(page)
    tab_to(page, "a[href='/antony/reglages/']")
    press_enter(page, "/antony/reglages/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réglages")
    tab_to(page, ".site-tools button")
    press_enter(page, "/antony/")
    expect(page.locator(".site-tools").get_by_role("link", name="Se connecter")).to_be_visible()


def test_an_unreadable_colour_is_refused_and_kept_in_its_field(page: Page, watch: Watch):
    signs_in(page)
    watch.expect(422, "/antony/reglages/apparence/")
    chooses(page, UNREADABLE, "/antony/reglages/apparence/")
    expect(page.locator("#error-summary li")).to_have_text(
        f"Couleur principale — Un texte de cette couleur se lit mal{NBSP}: contraste de 1{NBSP};"
        " il faut au moins 4,5."
    )
    expect(page.locator("[name=brand]")).to_have_value(UNREADABLE)
    expect(page.locator("[name=brand]")).to_have_attribute("aria-invalid", "true")
    tab_to(page, "#error-summary a")
    page.keyboard.press("Enter")
    expect(page.locator("[name=brand]")).to_be_focused()


@pytest.mark.usefixtures("antony_as_before")
def test_a_chosen_colour_is_told_and_seen_at_once(page: Page):
    signs_in(page)
    for colour in (PLUM, FOREST):
        chooses(page, colour, "/antony/reglages/")
        expect(page.locator("main")).to_contain_text("Couleurs enregistrées")
        expect(page.locator("main .catalogue a").first).to_have_css("color", RGB[colour])
