"""The search tree to open and close: its nodes in words, its markup, its widget, its script in a browser."""

from __future__ import annotations

import math

import pytest
import torch
from decoding import make_model
from figure_pages import EVIL, Page, caption, fits, opened
from other_process import printed

import s2s_tutorial as s2s
from s2s_tutorial import BeamTree, SearchNode

CAPTION = "s2s-beam-caption"
TOKENS = ["<pad>", "<unk>", "<bos>", "<eos>", "Stay", "Be", "careful", EVIL, " "]
TABLE = [
    (None, 2, 1.0, "kept"),
    (0, 4, 0.4, "kept"),  # Stay
    (0, 5, 0.35, "kept"),  # Be
    (0, 7, 0.25, "dropped"),
    (2, 6, 0.245, "kept"),  # Be careful
    (1, 6, 0.16, "kept"),  # Stay careful
    (1, 8, 0.12, "dropped"),
    (4, 3, 0.245, "finished"),
    (5, 3, 0.16, "finished"),
]
NODES = [SearchNode(parent, token, math.log(p), fate) for parent, token, p, fate in TABLE]


def tree(nodes=NODES, tokens=TOKENS, **options):
    return BeamTree(nodes, tokens, **options)


def paths(markup):
    """Of each node its class, and the captions of the nodes around it, outermost first."""
    page, found = Page(markup), []

    class Around(type(page)):
        def handle_starttag(self, tag, attrs):
            super().handle_starttag(tag, attrs)
            if tag == "li":
                around = [e[1]["data-caption"] for e in self.open if e[0] == "li"]
                found.append((dict(attrs)["class"].split(), around))

    Around(markup)
    return found


def test_every_node_is_told_in_words():
    captions = tree(length_penalty=1.0).captions()
    assert captions[0] == "The start, “<bos>”: nothing is written yet."
    assert captions[2] == (
        "Step 1, candidate 2 of 3: “Be”, p = .35 here, log p = −1.05 so far. "
        "Kept: the search goes on from here."
    )
    assert captions[4].startswith(
        "Step 2, candidate 1 of 3: “Be careful”, p = .70 here, log p = −1"
    )
    assert captions[6].startswith("Step 2, candidate 3 of 3: “Stay ␣”, p = .30 here")
    assert captions[6].endswith("Dropped: the beam was full of better ones.")
    assert captions[7].endswith(
        f"Finished: score −{-math.log(0.245) / (8 / 6):.2f}, the best of 2."
    )
    assert captions[8].endswith("number 2 of 2.")


def test_the_best_path_is_that_of_the_best_score_and_the_penalty_decides_it():
    assert tree().best == [0, 2, 4, 7]
    long = [*NODES[:5], SearchNode(2, 3, math.log(0.25), "finished")]
    long += [SearchNode(4, 3, math.log(0.24), "finished")]
    assert tree(long, length_penalty=0.0).best == [0, 2, 5]
    assert tree(long, length_penalty=1.0).best == [0, 2, 4, 6]
    assert tree(NODES[:3]).best == []


def test_the_list_is_nested_as_the_tree_and_what_lived_stands_first():
    found = paths(tree()._repr_html_())
    captions = tree().captions()
    order = [captions.index(around[-1]) for _, around in found]
    assert order == [0, 1, 5, 8, 6, 2, 4, 7, 3]
    for (classes, around), k in zip(found, order):
        parents = [captions.index(caption) for caption in around[:-1]]
        assert parents == ([] if k == 0 else [*parents[:-1], NODES[k].parent])
        assert f"s2s-{NODES[k].fate}" in classes
        assert ("s2s-best" in classes) == (k in tree().best)


def test_fates_differ_in_sign_and_frame_and_not_in_colour_alone():
    page = Page(tree()._repr_html_())
    signs = ["".join(texts) for _, _, texts in page.find("s2s-sign")]
    assert [signs.count(sign) for sign in ("→", "✗", "✓", "")] == [4, 2, 2, 1]
    (sheet,) = page.find("style", of="tag")
    rules = "".join(sheet[2]).split("}")
    frames = [rule for rule in rules if ">.s2s-card{" in rule and "border" in rule]
    assert any("s2s-dropped" in rule and "dashed" in rule for rule in frames)
    assert any("s2s-finished" in rule and "double" in rule for rule in frames)


def test_numbers_show_at_the_nodes():
    cards = ["".join(texts) for _, _, texts in Page(tree()._repr_html_()).find("s2s-card")]
    assert "→ Be −1.05" in cards and "✓ <eos> −1.41 −1.18" in cards


def test_a_real_search_becomes_a_figure():
    model, src = make_model(seed=8), torch.tensor([[4, 5, 6]])
    found = s2s.beam_search(model, src, torch.tensor([3]), 9, 3, 0.6, n_best=2, trace=True)
    made = BeamTree(found.trees[0], [f"w{i}" for i in range(7)], length_penalty=0.6)
    best = [found.trees[0][k].token for k in made.best]
    assert best == [s2s.BOS_ID, *found.ids[0][0], s2s.EOS_ID] and len(best) > 3
    score = f"{abs(found.scores[0][0]):.2f}"
    assert made.captions()[made.best[-1]].endswith(f"score −{score}, the best of 3.")


@pytest.mark.parametrize("live", [True, False])
def test_text_is_escaped_and_nothing_is_asked_from_elsewhere(live):
    made = tree(title=EVIL)
    markup = made._repr_html_() if live else made.widget().children[1].value
    page = Page(markup)
    assert len(page.find("script", of="tag")) == markup.count("<script>") == int(live)
    assert "".join(page.one("s2s-title")[2]) == EVIL
    assert any(EVIL in "".join(texts) for _, _, texts in page.find("s2s-card"))
    assert "http" not in markup and not page.find("img", of="tag")


@pytest.mark.slow
def test_html_is_the_same_in_every_process_and_its_id_is_of_the_content():
    program = "from test_tree import tree; print(tree()._repr_html_())"
    assert printed(__file__, program) == tree()._repr_html_()
    ids = {Page(tree(title=t)._repr_html_()).elements[0][1]["id"] for t in ("a", "b", "a")}
    assert len(ids) == 2


def test_widget_shows_all_or_what_was_kept():
    choice, picture = tree().widget().children
    assert not Page(picture.value).find("s2s-no-dropped")
    choice.value = False
    assert Page(picture.value).find("s2s-no-dropped")


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"tokens": "Stai"}, TypeError, "split it into tokens"),
        ({"tokens": TOKENS[:6]}, ValueError, "token id 7, but there are 6 tokens"),
        ({"nodes": []}, ValueError, "the search tree is empty"),
        ({"nodes": [NODES]}, TypeError, r"trace=True\)\.trees"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        tree(**changes)


@pytest.fixture
def page(browser, tmp_path):
    with opened(browser, tmp_path, tree(), tree(title="Another")) as page:
        yield page


def shown(page):
    """The nodes of the first tree that can be seen, by their place in the search."""
    seen = page.evaluate(
        """() => [...document.querySelector('.s2s-figure').querySelectorAll('.s2s-node')]
        .filter(node => node.getClientRects().length).map(node => node.dataset.caption)"""
    )
    return sorted(tree().captions().index(caption) for caption in seen)


def card(page, k):
    text = tree().captions()[k].replace('"', '\\"').replace("\n", "\\a ")
    node = page.locator(f'.s2s-figure >> nth=0 >> .s2s-node[data-caption="{text}"]')
    return node.locator("> .s2s-card")


def test_it_opens_on_the_best_path_and_clicks_open_and_close(page):
    first = caption(page, name=CAPTION)
    assert shown(page) == [0, 1, 2, 3, 4, 7]
    card(page, 1).click()  # closed: opens
    assert (
        shown(page) == [0, 1, 2, 3, 4, 5, 6, 7]
        and caption(page, name=CAPTION) == tree().captions()[1]
    )
    card(page, 2).click()  # open, and another was chosen: is chosen
    assert 4 in shown(page) and caption(page, name=CAPTION) == tree().captions()[2]
    card(page, 2).click()  # chosen: closes
    assert shown(page) == [0, 1, 2, 3, 5, 6]
    assert caption(page, 1, CAPTION) == first


def test_buttons_open_all_go_back_and_hide_what_was_dropped(page):
    page.locator(".s2s-beam-all").first.click()
    assert shown(page) == list(range(9))
    page.locator(".s2s-beam-dropped").first.uncheck()
    assert shown(page) == [0, 1, 2, 4, 5, 7, 8]
    page.locator(".s2s-beam-way").first.click()
    assert shown(page) == [0, 1, 2, 4, 7]


def test_keys_walk_through_the_tree(page):
    captions = tree().captions()
    page.locator(".s2s-node").first.focus()
    for key, k in [
        ("ArrowRight", 1),  # the root is open: its first child
        ("ArrowRight", 1),  # closed: opens
        ("ArrowRight", 5),
        ("ArrowDown", 6),
        ("ArrowLeft", 1),
        ("End", 3),
        ("ArrowUp", 7),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.caption") == captions[k], (key, k)
    assert caption(page, name=CAPTION) == captions[0] and 5 in shown(page)
    page.keyboard.press("Enter")
    assert shown(page) == [0]
    page.keyboard.press(" ")
    assert 1 in shown(page)


def test_one_node_can_be_reached_by_tab_and_it_says_what_it_is(page):
    assert page.locator('.s2s-figure >> nth=0 >> .s2s-node[tabindex="0"]').count() == 1
    node = page.locator(".s2s-node").first
    assert (
        node.get_attribute("role") == "treeitem" and node.get_attribute("aria-expanded") == "true"
    )
    assert node.get_attribute("aria-label") == tree().captions()[0]


@pytest.mark.parametrize("width", [360, 1000])
def test_it_fits_the_screen_as_columns_or_as_an_outline(page, width):
    assert fits(page, width)
    root, child = (card(page, k).bounding_box() for k in (0, 1))
    below = child["y"] > root["y"] + 10
    assert below == (width == 360)


def tall():
    """A tree that has more nodes than fit on a screen."""
    nodes = [NODES[0]]
    for step in range(1, 9):
        parent = 0 if step == 1 else len(nodes) - 6
        nodes += [
            SearchNode(parent, 4, -step - k / 10, "kept" if k < 3 else "dropped") for k in range(6)
        ]
    return tree([*nodes, SearchNode(len(nodes) - 6, 3, -9.0, "finished")])


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1000, 800)])
def test_a_node_and_what_is_said_of_it_are_on_one_screen(browser, tmp_path, width, height):
    with opened(browser, tmp_path, tall()) as page:
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".s2s-beam-all").click()
        cards = page.locator(".s2s-card")
        assert cards.count() == 50
        for k in (1, 10, 25, 49):
            cards.nth(k).click()
            page.locator(f".{CAPTION}").scroll_into_view_if_needed()
            for box in (cards.nth(k).bounding_box(), page.locator(f".{CAPTION}").bounding_box()):
                assert box["y"] >= 0 and box["y"] + box["height"] <= height


def test_without_scripts_all_of_it_is_drawn(browser, tmp_path):
    with opened(browser, tmp_path, tree(), java_script_enabled=False) as page:
        cards = page.locator(".s2s-card")
        assert [cards.nth(k).is_visible() for k in range(cards.count())] == [True] * 9
        assert not page.locator(".s2s-beam-controls").is_visible()
