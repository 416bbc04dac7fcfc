"""How the boxes of the built site behave: with what they cannot read or fetch, before they are asked, and for all who read."""

from __future__ import annotations

import gzip

import pytest
from places import ROOT
from website import axe
from website.live_boxes import MODELS, PAGE, answered, opened
from website.serving import window

JS = ROOT / "s2s_tutorial/live/js"
ENGINE = [*JS.glob("*.js"), JS / "boxes/boxes.css"]
PARTS = "ask dom link looks models panel session states tools vector weight_map"
ENGINE += [JS / f"boxes/{name}.js" for name in PARTS.split()]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "nothing to read"),
        ("   ", "nothing to read"),
        ("one " * 300, "reads up to 120"),
        ("<img src=x onerror=alert(1)> seven", "read as <unk>"),
        ("sieben три", "“три”"),
    ],
)
def test_what_a_box_cannot_read_it_says(browser, address, written, said):
    with window(browser) as context:
        tab, box = opened(context, address, "try-numbers")
        tab.evaluate("() => { window.alert = () => document.body.append('EXECUTED'); }")
        box.get_by_label("A number in English words").evaluate(
            "(field, text) => (field.value = text)", written
        )
        box.get_by_role("button", name="Ask").click()
        tab.wait_for_function(
            "(said) => document.querySelector('#try-numbers .s2s-status').textContent.includes(said)",
            arg=said,
        )
        assert "EXECUTED" not in tab.content() and box.locator("img").count() == 0
        assert tab.problems == []


@pytest.mark.parametrize("fault", ["missing", "damaged", "cut", "offline"])
def test_a_model_that_does_not_arrive_is_asked_for_again(browser, address, fault):
    answers = {
        "missing": lambda route: route.fulfill(status=404),
        "damaged": lambda route: route.fulfill(body=b"x" * 128_468),
        "cut": lambda route: route.fulfill(body=b"x" * 9),
        "offline": lambda route: route.abort(),
    }
    with window(browser) as context:
        tab, box = opened(context, address, "try-mask")
        tab.route("**/weights.bin", answers[fault])
        box.get_by_role("button", name="Ask").click()
        status = box.locator(".s2s-status")
        tab.wait_for_function(
            "document.querySelector('#try-mask .s2s-status').textContent.includes('Press again')"
        )
        expected = "damaged" if fault in ("damaged", "cut") else "did not arrive"
        assert expected in status.text_content()
        tab.unroute("**/weights.bin")
        box.get_by_role("button", name="Ask").click()
        assert answered(box)[0] == "drei"


def test_nothing_is_fetched_before_the_reader_comes(browser, address):
    with window(browser) as context:
        tab = context.new_page()
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address + "book/notation.html")
        tab.wait_for_load_state("networkidle")
        assert not [url for url in asked if "/live/" in url or "/models/" in url]
        tab.goto(address + PAGE)
        tab.wait_for_load_state("networkidle")
        assert [url for url in asked if "/live/" in url] and not [
            u for u in asked if "/models/" in u
        ]


def test_a_small_model_with_its_engine_is_light():
    engine = sum(len(gzip.compress(path.read_bytes(), 9)) for path in ENGINE)
    for name in ("numbers-gru", "numbers-bahdanau", "dates-bahdanau", "phrases-bahdanau"):
        model = sum(len(gzip.compress(p.read_bytes(), 9)) for p in (MODELS / name).iterdir())
        assert engine < 34_000 and model + engine < 200_000, (name, model, engine)


def ask_and_erase(box):
    """All of an ask box at once: weights, an erased word, the table."""
    box.get_by_role("button", name="Ask").click()
    answered(box, 1)
    panel = box.locator(".s2s-panel").nth(1)
    panel.locator(".s2s-source button").nth(3).click()
    panel.locator("summary").click()
    answered(box, 1)


def search(box):
    box.get_by_role("button", name="Search").click()
    box.locator(".s2s-panel").wait_for()


def learn(box):
    box.get_by_role("button", name="One update").click()
    box.get_by_text("Update 1.").wait_for()


USED = [
    ("try-numbers", PAGE, ask_and_erase),
    ("try-beam", PAGE, search),
    ("train-attention", "chapters/03_bahdanau_attention.html", learn),
]


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize(("name", "page", "use"), USED)
def test_a_used_box_is_accessible(browser, address, size, scheme, name, page, use):
    with window(browser, size, scheme) as context:
        tab = context.new_page()
        tab.goto(address + page)
        box = tab.locator(f"#{name}")
        box.scroll_into_view_if_needed()
        use(box)
        tab.evaluate(axe.script())
        run = """async ([name, tags]) => (await axe.run(name, { runOnly: { type: "tag", values: tags } }))
            .violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))"""
        assert tab.evaluate(run, [f"#{name}", axe.TAGS]) == []
