"""In a real browser: from home to a control to a document and back, on every screen, without one foreign request."""

from __future__ import annotations

import shutil

import pytest

from tests.browser_pages import Unsearched, serving, watched_page
from tests.conftest import KIT
from tests.review_setup import ask, propose, repository_of

pytestmark = [pytest.mark.browser, pytest.mark.site]


def until(page, expression: str) -> None:
    """Wait for an expression to hold; the policy of a page forbids the way in which the driver itself would look."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


@pytest.fixture(scope="module")
def address(example_site):
    with serving(example_site) as found:
        yield found


@pytest.fixture(scope="module")
def unsearched(example_site):
    """The same pages, for who looks at many of them and searches in none."""
    with serving(example_site, Unsearched) as found:
        yield found


@pytest.fixture
def page(browser, unsearched):
    with watched_page(browser, unsearched) as found:
        yield found


def test_from_home_to_a_control_to_its_document_and_back(page, unsearched):
    page.goto(unsearched + "/")
    assert "Tarnmoor Home & Garden DAC" in page.title()
    page.get_by_role("link", name="Catalogues and crosswalks").first.click()
    page.locator("article").get_by_role("link", name="ISO/IEC 42001:2023", exact=True).click()
    page.locator("article").get_by_role("link", name="A.5.2 AI system impact assessment process").first.click()
    assert page.locator("h1").inner_text().startswith("A.5.2 AI system impact assessment process")
    assert page.locator("article").get_by_text("iso42001:A.5.2", exact=True).first.is_visible()
    page.locator("article table").get_by_role("link", name="AI system impact assessment", exact=True).first.click()
    assert "/impact-assessments/procedure/" in page.url
    header = page.locator(".aims-header").first
    for word in ("PRO-003", "Owner", "Approved by", "Next review", "Classification", "iso42001:6.1.4"):
        header.get_by_text(word).first.wait_for()
    header.get_by_role("link", name="iso42001:A.5.2", exact=True).click()
    assert "/requirements/iso42001/A.5.2/" in page.url


def test_the_related_requirement_leads_back(page, unsearched):
    page.goto(unsearched + "/requirements/iso42001/A.2.2/")
    page.locator("article").get_by_role("link", name="iso27001:A.5.1 Policies for information security").first.click()
    page.locator("article").get_by_role("link", name="iso42001:A.2.2 AI policy").first.click()
    assert "/requirements/iso42001/A.2.2/" in page.url


def test_the_filter_of_the_statement_of_applicability(page, unsearched):
    page.goto(unsearched + "/records/statement-of-applicability/")
    assert page.locator(".aims-filter span").inner_text() == "132 of 132"
    page.get_by_label("Filter").fill("impact assessment")
    page.get_by_label("Applicability").select_option("included")
    shown = page.locator(".aims-table--filter tbody tr:visible").count()
    assert 0 < shown < 132
    assert page.locator(".aims-filter span").inner_text() == f"{shown} of 132"


def test_the_search_finds_a_policy_first(browser, address):
    with watched_page(browser, address) as page:
        page.goto(address + "/")
        page.get_by_role("textbox", name="Search").first.fill("acceptable use")
        first = page.locator(".md-search-result__item a").first
        first.wait_for()
        assert "acceptable-use" in first.get_attribute("href")


KINDS = (
    *(
        "",
        "404.html",
        "policies/ai-policy/",
        "requirements/iso42001/A.6.2.8/",
        "requirements/iso42001--iso27001/",
        "requirements/published/",
    ),
    *(
        "records/statement-of-applicability/",
        "records/impact-assessments/AIA-001/",
        "records/risks/",
        "history/POL-001/",
        "trace/",
        "open/",
    ),
    *("parameters/", "roadmap/", "status/", "gates/", "trend/", "evidence/", "acknowledged/", "reuse/"),
)
SCHEMES = {"light": "default", "dark": "slate"}
SCREENS = ({"width": 1366, "height": 844}, {"width": 390, "height": 844})
HEARD = "window.broken = []; document.addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective + ' ' + event.blockedURI))"
SEEN = """
({headings: document.querySelectorAll('h1').length, scheme: document.body.dataset.mdColorScheme, broken, first: document.head.firstElementChild.httpEquiv,
  inline: document.querySelectorAll('script:not([src]):not([type="application/json"])').length})
"""


@pytest.mark.parametrize(
    ("served", "scheme"),
    [
        (True, "light"),
        (False, "dark"),
        pytest.param(True, "dark", marks=pytest.mark.full),
        pytest.param(False, "light", marks=pytest.mark.full),
    ],
    ids=lambda value: {True: "served", False: "from a disk"}.get(value, value),
)
def test_no_page_is_wider_than_its_screen_or_asks_for_what_its_policy_forbids(browser, unsearched, example_site, served, scheme):
    """Each page is looked at in both schemes, on both screens, from a server and from a disk; with `full` in every combination."""
    # The theme looks for a search index of another kind where a page is opened from a disk, and says that it is not there.
    place, but = (unsearched, "\0") if served else ("file:", "search_index.js")
    with watched_page(browser, place, but, color_scheme=scheme) as page:
        page.add_init_script(HEARD)
        for kind in KINDS:
            if not served and kind == "404.html":
                continue  # its addresses begin at the root of a server
            name = kind if kind.endswith(".html") else f"{kind}index.html"
            page.set_viewport_size(SCREENS[0])
            page.goto(f"{unsearched}/{name}" if served else (example_site / name).as_uri())
            wanted = {"headings": 1, "scheme": SCHEMES[scheme], "broken": [], "first": "Content-Security-Policy", "inline": 0}
            assert page.evaluate(SEEN) == wanted, kind
            for screen in SCREENS:
                page.set_viewport_size(screen)
                assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], kind
            assert page.evaluate("broken") == [], kind


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_reader_changes_the_colours_and_they_stay(browser, address, scheme):
    """With the whole search, which the other pages are spared."""
    with watched_page(browser, address, color_scheme=scheme) as page:
        page.add_init_script(HEARD)
        page.goto(f"{address}/")
        page.locator("label[for^=__palette]:visible").first.click()
        changed = {"light": "slate", "dark": "default"}[scheme]
        until(page, f"document.body.dataset.mdColorScheme === '{changed}'")
        page.reload()
        until(page, f"document.body.dataset.mdColorScheme === '{changed}'")
        assert page.evaluate("broken") == []


def test_the_policy_stops_what_came_past_everything_else(browser, example_site, tmp_path):
    text = (example_site / "index.html").read_text("utf-8")
    for folder in ("assets",):
        shutil.copytree(example_site / folder, tmp_path / folder)
    live = (
        "<script>window.ran = 1</script><img src='x.png' onerror='window.ran = 2'><form action='https://elsewhere.example/'><button id='send'>Send</button></form>"
        "<iframe srcdoc='<script>top.ran = 3</script>'></iframe><img src='https://elsewhere.example/a.png'><base href='https://elsewhere.example/'>"
    )
    (tmp_path / "index.html").write_text(text.replace("</article>", live + "</article>", 1), "utf-8")
    context = browser.new_context()
    context.add_init_script(HEARD)
    page = context.new_page()
    foreign = []
    page.on("requestfinished", lambda request: foreign.append(request.url) if "elsewhere" in request.url else None)
    page.goto((tmp_path / "index.html").as_uri())
    page.evaluate("document.getElementById('send').form.requestSubmit()")
    until(page, "broken.length >= 5")
    assert page.evaluate("window.ran") is None
    assert foreign == []
    assert {word.split()[0] for word in page.evaluate("broken")} >= {
        "script-src-elem",
        "script-src-attr",
        "form-action",
        "img-src",
        "base-uri",
    }
    context.close()


@pytest.fixture(scope="module")
def reviews(example, tmp_path_factory):
    """Every fourth recorded change of the worked organisation, reviewed, as one HTML file each."""
    folder = tmp_path_factory.mktemp("reviews")
    repository = repository_of(example, folder / "tarnmoor")
    made = []
    for recorded in sorted((KIT / "tests/review").iterdir())[::4]:
        base, head, author = propose(repository, recorded / "change.json")
        made.append(folder / f"{recorded.name}.html")
        ask(repository, base, head, "--author", author, "--html", str(made[-1]))
    return made


def test_no_change_review_is_wider_than_its_screen(browser, reviews):
    context = browser.new_context()
    page = context.new_page()
    assert len(reviews) > 5
    for review in reviews:
        page.goto(review.as_uri())
        assert page.locator("h1").inner_text() == "Change review"
        for screen in SCREENS:
            page.set_viewport_size(screen)
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], review.name
    context.close()
