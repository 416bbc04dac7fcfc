"""nbgrader's configuration for the book's problem sets; a course of its own seed loads it too."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor  # noqa: E402
from nbgrader.preprocessors import (  # noqa: E402
    CheckCellMetadata,
    ClearOutput,
    GetGrades,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from assignments.tooling.container import chosen  # noqa: E402
from assignments.tooling.execute import LimitedExecute  # noqa: E402
from assignments.tooling.feedback import FeedbackPage, HideTests, Summarise  # noqa: E402
from assignments.tooling.restore import Restore  # noqa: E402
from assignments.tooling.traces import Settle  # noqa: E402

# One thread: sums come out alike on every machine. No GPU: its driver needs more address space than the limit.
for name, value in (("OMP_NUM_THREADS", "1"), ("TQDM_DISABLE", "1"), ("CUDA_VISIBLE_DEVICES", "")):
    os.environ[name] = value

# nbgrader calls alembic by its name: found also where the environment was not activated.
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "s2s"
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not implemented yet")'}
c.ClearSolutions.text_stub = "*Write your answer here.*"

c.Autograde.sanitize_preprocessors = [
    Restore,
    ClearOutput,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    LimitedExecute,
    Settle,
    LimitOutput,
    SaveAutoGrades,
    CheckCellMetadata,
]
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, Summarise, CSSHTMLHeaderPreprocessor]

c.GenerateFeedback.exporter_class = FeedbackPage

# The limits of a submission: seconds for a cell, a cell of tests, a whole notebook; memory; output.
c.LimitedExecute.timeout = 240
c.LimitedExecute.test_timeout = 60
c.LimitedExecute.notebook_timeout = 900
c.LimitedExecute.memory_gb = 6.0
c.LimitOutput.max_lines = 300

# What students wrote and displayed runs no script in a reader's browser: feedback pages, formgrader.
c.HTMLExporter.sanitize_html = True

# GRADE_IN=podman, docker, bwrap or none: where what students wrote runs (see tooling/container.py).
c.LimitedExecute.engine = chosen(os.environ)
# GRADE_AS=student: it runs with the rights of that user (see tooling/other_user.py).
c.LimitedExecute.user = os.environ.get("GRADE_AS", "")

# The grading page has the items of the rubric to tick.
c.HTMLExporter.template_file = str(Path(__file__).parent / "tooling/rubric/formgrade.html.j2")
c.FeedbackPage.template_file = "index.html.j2"
