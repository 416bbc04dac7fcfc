"""Tokens of any script are drawn, or one sentence says which font is missing."""

from __future__ import annotations

import io
import warnings
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager

from s2s_tutorial.figures.plotting import fonts, plot_attention, plot_padding
from s2s_tutorial.figures.style import use_style

CHINESE, HEBREW = "2053年10月12日周日", "שלום"
OLD = fonts._orders_no_letters()


@pytest.fixture(autouse=True)
def styled():
    with mpl.rc_context():
        use_style()
        yield
    plt.close("all")


@pytest.fixture
def only_dejavu(monkeypatch):
    """A machine with no other fonts than matplotlib's own."""
    here = font_manager.fontManager.ttflist
    dejavu = [font for font in here if font.name.startswith("DejaVu Sans")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", dejavu)


def picture(text, **style):
    figure = plt.figure(figsize=(2, 1), dpi=60)
    figure.text(0.1, 0.3, text, fontsize=24, **style)
    content = io.BytesIO()
    figure.savefig(content, format="rgba", bbox_inches=None)
    plt.close(figure)
    return np.frombuffer(content.getvalue(), dtype=np.uint8)


def test_what_the_settings_can_draw_is_left_alone():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fonts.drawable(["il", "più", "être", "дом", "<eos>", "␣"]) == (
            ["il", "più", "être", "дом", "<eos>", "␣"],
            {"parse_math": False},
        )


def test_a_letter_that_the_font_lacks_comes_from_another_one(only_dejavu):
    mpl.rcParams["font.family"] = ["DejaVu Sans Mono"]
    word = "א"  # Hebrew, which DejaVu Sans has and its monospaced brother has not
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (drawn,), style = fonts.drawable([word])
        assert drawn == word and "DejaVu Sans" in style["fontfamily"][1:]
        seen = picture(drawn, **style)
    assert not np.array_equal(seen, picture(" "))


def test_without_a_font_one_sentence_names_one_and_matplotlib_says_nothing(only_dejavu):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        tokens = list(CHINESE)
        axes = plot_attention(np.full((2, len(tokens)), 0.1), tokens, ["2053", "周"])
        axes.figure.savefig(io.BytesIO(), format="png")
    (message,) = {str(each.message) for each in said}
    assert message == (
        "no font here has 周 年 日 月, drawn as □: install Noto Sans CJK (Debian and Ubuntu: apt "
        "install fonts-noto-cjk), then start Python anew"
    )
    assert "".join(label.get_text() for label in axes.get_xticklabels()) == "2053□10□12□□□"
    assert said[0].filename != fonts.__file__


def test_padding_is_drawn_with_the_same_care(only_dejavu):
    with pytest.warns(UserWarning, match="no font here has 周 日, drawn as □"):
        axes = plot_padding([["周", "日"], ["ok"]])
    assert sorted(text.get_text() for text in axes.texts) == ["ok", "□", "□"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes.figure.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize(
    "word, advice",
    [("ꙮ" * 2, "of that script"), ("".join(map(chr, range(0x4E00, 0x4E09))), "and 4 more, drawn")],
)
def test_the_advice_fits_the_script(word, advice, monkeypatch):
    monkeypatch.setattr(fonts, "_glyphs_of_settings", lambda: set("abc"))
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))
    with pytest.warns(UserWarning, match=advice):
        assert set(fonts.drawable([word]).tokens[0]) == {"□"}


def test_fonts_that_cannot_be_used_are_passed_over(monkeypatch):
    listed = [SimpleNamespace(name=n, fname=n, style="normal", weight=400) for n in ("A", "B")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", listed)
    monkeypatch.setattr(fonts, "_glyphs_of_settings", lambda: set("abc"))

    def get_font(path):
        if path == "A":
            raise RuntimeError("In FT2Font: Can not load face")
        return SimpleNamespace(scalable=False, get_charmap=lambda: {ord("周"): 1})

    monkeypatch.setattr(font_manager, "get_font", get_font)
    with pytest.warns(UserWarning, match="no font here has 周"):
        assert fonts.drawable(["周"]).tokens == ["□"]


def test_joiners_without_a_glyph_leave_no_box(monkeypatch):
    monkeypatch.setattr(fonts, "_glyphs_of_settings", lambda: set("ab"))
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fonts.drawable(["a\u200db", "a\ufe0f"]).tokens == ["ab", "a"]


def test_dollars_are_no_mathematics():
    axes = plot_attention([[1.0, 0.0]], ["$x$", r"$\frac$"], ["a"])
    axes.figure.savefig(io.BytesIO(), format="png")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["$x$", r"$\frac$"]
    assert not any(label.get_parse_math() for label in axes.get_xticklabels())


@pytest.mark.skipif(OLD, reason="matplotlib orders letters from 3.11 on")
def test_words_from_right_to_left_are_drawn_so():
    (word,), style = fonts.drawable([HEBREW])
    left_to_right = "\u202d" + HEBREW[::-1] + "\u202c"  # an override: just in this order
    assert np.array_equal(picture(word, **style), picture(left_to_right))
    assert not np.array_equal(picture(word, **style), picture("\u202d" + HEBREW + "\u202c"))


def test_an_older_matplotlib_is_said_to_order_no_letters(monkeypatch):
    monkeypatch.setattr(mpl, "__version__", "3.10.7")
    with pytest.warns(UserWarning, match="right to left need matplotlib 3.11 or later"):
        fonts.drawable(["una", HEBREW])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fonts.drawable(["una", "casa"])


def test_the_font_that_draws_signs_for_letters_is_not_taken_for_one_that_has_them(monkeypatch):
    here = font_manager.fontManager.ttflist
    own = [font for font in here if font.name.startswith(("DejaVu Sans", "Last Resort"))]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    with pytest.warns(UserWarning, match="no font here has .*install Noto Sans CJK"):
        assert fonts.drawable(list(CHINESE)).tokens[4] == fonts.BOX


def test_a_font_is_found_in_the_weight_that_it_has(monkeypatch):
    def font(name, weight):
        file = f"{name}-{weight}.ttf"
        return SimpleNamespace(name=name, style="normal", weight=weight, fname=file)

    listed = [font("A", 700), font("A", 400), font("A", "bold"), font("B", 500), font("B", "black")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", listed)
    assert list(fonts._installed()) == [("A", "A-400.ttf"), ("B", "B-500.ttf")]
