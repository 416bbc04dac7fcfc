#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image (Ubuntu): Python, the packages in the versions of
# constraints.txt, PyTorch's build for CPUs, and a user without rights, who runs what students wrote.
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")"

fits() { command -v "$1" > /dev/null && "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }
newest() { for each in python3.13 python3.12 python3.11 python3; do fits "$each" && echo "$each" && return; done; }

if [ -z "$(newest)" ]; then
  apt-get update
  apt-get install --yes --no-install-recommends python3-venv
  [ -n "$(newest)" ] || apt-get install --yes --no-install-recommends python3.11 python3.11-venv
fi
python=$(newest || true)
[ -n "$python" ] || { echo "No Python 3.11 or later: choose a newer Ubuntu as the base image." >&2; exit 1; }

"$python" -m venv /opt/s2s-grading
PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu \
  /opt/s2s-grading/bin/pip install --no-cache-dir --constraint constraints.txt ./*.whl nbgrader bleach ipykernel
/opt/s2s-grading/bin/python -c 'import bleach, nbgrader, s2s_tutorial, torch'

id -u student > /dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin student
chmod -R go= .
