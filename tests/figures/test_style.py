"""The style: legible on light and dark, distinct lines, a map of weights that runs one way."""

from __future__ import annotations

import io
import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from s2s_tutorial.figures import style

WHITE, DARK = "#FFFFFF", "#121212"  # the book's two backgrounds


@pytest.fixture
def styled():
    with mpl.rc_context():
        style.use_style()
        yield
    plt.close("all")


def test_contrast_agrees_with_published_values():
    assert style.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert style.contrast("#777777", "#FFFFFF") == pytest.approx(
        4.48, abs=0.005
    )  # WebAIM's checker
    assert style.contrast("#123456", "#123456") == 1.0


def test_text_reads_on_white_and_on_dark(styled):
    for key in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.titlecolor"):
        assert mpl.rcParams[key] == style.COLORS["text"]
    assert style.contrast(style.COLORS["text"], WHITE) >= 4.5  # WCAG AA
    assert style.contrast(style.COLORS["text"], DARK) >= 4.0


def test_colours_of_quantities_show_on_both_backgrounds():
    for name in ("encoder", "decoder", "context", "token"):  # WCAG: 3 for graphics
        assert style.contrast(style.COLORS[name], WHITE) >= 3.0, name
        assert style.contrast(style.COLORS[name], DARK) >= 3.0, name


def test_each_quantity_has_a_colour_of_its_own():
    colors = [color for name, color in style.COLORS.items() if name != "text"]
    assert len(set(colors)) == len(colors)


def test_lines_differ_in_colour_dash_and_marker(styled):
    for key in ("color", "linestyle", "marker"):
        values = [str(entry[key]) for entry in mpl.rcParams["axes.prop_cycle"]]
        assert len(set(values)) == len(values) >= 6


def test_backgrounds_are_transparent(styled):
    figure, ax = plt.subplots()
    ax.plot([0, 1])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    buffer.seek(0)
    assert plt.imread(buffer)[0, 0, 3] == 0.0


@pytest.mark.slow
def test_svg_output_is_the_same_in_every_process():
    program = (
        "import io, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt\n"
        "from s2s_tutorial.figures.style import use_style\n"
        "use_style(); buffer = io.StringIO(); plt.subplots()[1].plot([0, 1], [0, 1])\n"
        "plt.savefig(buffer, format='svg', metadata={'Date': None}); print(buffer.getvalue())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] and b"<svg" in runs[0]


def lightness(color: str) -> float:
    """L of OKLab (Ottosson 2020), written out from its definition."""
    rgb = np.array(
        [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    )
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    return float(np.array([0.2104542553, 0.7936177850, -0.0040720468]) @ np.cbrt(to_cones @ rgb))


def test_weights_map_darkens_evenly_from_0_to_1():
    values = [lightness(style.weight_color(w)) for w in np.linspace(0, 1, 21)]
    steps = -np.diff(values)
    assert steps.min() > 0
    assert (
        steps.max() / steps.min() < 1.6
    )  # equal weights apart, nearly equal distances in lightness


def test_numbers_read_on_every_weight():
    for weight in np.linspace(0, 1, 101):
        cell = style.weight_color(weight)
        assert style.contrast(style.text_color_on(cell), cell) >= 4.5


@pytest.mark.parametrize("weight", [-0.01, 1.01, float("nan")])
def test_weight_color_refuses_what_is_no_weight(weight):
    with pytest.raises(ValueError, match="between 0 and 1"):
        style.weight_color(weight)


def test_css_and_matplotlib_share_the_colours():
    for name, color in style.COLORS.items():
        assert f"--s2s-{name}:{color};" in style.CSS


@pytest.mark.notebook
def test_in_a_kernel_figures_are_png_at_twice_the_size():
    program = (
        "from ipykernel.inprocess import InProcessKernelManager\n"
        "manager = InProcessKernelManager(); manager.start_kernel(); shell = manager.kernel.shell\n"
        "shell.run_cell('%matplotlib inline')\n"
        "shell.run_cell('from s2s_tutorial.figures.style import use_style; use_style(); use_style()')\n"
        "from matplotlib.figure import Figure\n"
        "show = shell.display_formatter.formatters['image/png'].lookup_by_type(Figure)\n"
        "from s2s_tutorial.figures.style import use_style; figure = Figure(figsize=(2, 2))\n"
        "figure.add_subplot().plot([0, 1]); image, metadata = show(figure)\n"
        "import base64; data = base64.b64decode(image) if isinstance(image, str) else image\n"
        "width = int.from_bytes(data[16:20], 'big'); print(width, metadata['width'])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    pixels, shown = map(int, result.stdout.split()[-2:])
    assert pixels in (2 * shown, 2 * shown + 1)
