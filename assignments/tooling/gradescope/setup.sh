#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image (Ubuntu): Python, the packages in the versions of
# constraints.txt, PyTorch's build for CPUs, and a user without rights, who runs what students wrote.
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")"

# The versions of constraints.txt want Python 3.11.5 or later.
fits() { command -v "$1" > /dev/null && "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11, 5))' 2> /dev/null; }
newest() { for each in python3.13 python3.12 python3.11 python3; do if fits "$each"; then echo "$each" && return; fi; done; }

if [ -z "$(newest)" ]; then
  apt-get update
  apt-get install --yes --no-install-recommends python3-venv python3-pip
fi
python=$(newest)
if [ -z "$python" ]; then # Ubuntu 22.04 has Python 3.10 and a first draft of 3.11
  python3 -m pip install uv
  export UV_PYTHON_INSTALL_DIR=/opt/python
  uv python install 3.12
  python=$(uv python find 3.12)
fi

"$python" -m venv /opt/s2s-grading
PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu \
  /opt/s2s-grading/bin/pip install --no-cache-dir --constraint constraints.txt ./*.whl nbgrader bleach ipykernel
/opt/s2s-grading/bin/python -c 'import bleach, nbgrader, s2s_tutorial, torch'

id -u student > /dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin student
chmod -R go= .
