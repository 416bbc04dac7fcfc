# The chapters in JupyterLab, in the versions of constraints.txt: for Docker, for Binder, for dev containers.
#   docker build --tag s2s . && docker run --rm -p 127.0.0.1:8888:8888 s2s
# PyTorch is its build for CPUs, which is a tenth of the size.
FROM docker.io/library/python:3.12-slim-bookworm

ARG NB_USER=reader
ARG NB_UID=1000
ENV USER=${NB_USER} \
    HOME=/home/${NB_USER} \
    PIP_NO_CACHE_DIR=1 \
    PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu

# Debian drops old versions of packages, so pinned ones would soon be gone.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && adduser --disabled-password --gecos "" --uid "${NB_UID}" "${NB_USER}"

WORKDIR ${HOME}/s2s-tutorial
# What decides the versions comes first, so that a change in a chapter installs nothing anew.
COPY pyproject.toml constraints.txt README.md LICENSE LICENSE-TEXT ./
COPY s2s_tutorial/__init__.py s2s_tutorial/__init__.py
RUN pip install --constraint constraints.txt hatchling setuptools wheel \
    && pip install --constraint constraints.txt --no-build-isolation --editable ".[book]"

COPY --chown=${NB_UID} . .
RUN chown "${NB_UID}" .
USER ${NB_USER}

EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "chapters"]
