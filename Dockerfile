# Small, and run by nobody in particular; docs/ci.md says how to use it.
# the digest is that of the index of all platforms; a tag may come to mean another image
ARG PYTHON=python:3.13.9-slim-bookworm@sha256:b685a4fa58bb19d1814d78a1ec0f0208f351452724f78b20212c984d6e124a34

FROM ${PYTHON} AS build
WORKDIR /source
RUN python -m venv /venv
COPY pyproject.toml README.md LICENSE ./
COPY ci/constraints.txt ./
COPY komodo_sync ./komodo_sync
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt . \
    && /venv/bin/pip uninstall --yes pip \
    && /venv/bin/python -m compileall -q /venv/lib

FROM ${PYTHON}
# git: which commit is applied, which files changed, what drift compares with. Somebody else's folder is mounted at /work.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /work \
    && useradd --uid 10001 --no-create-home --home-dir /work --shell /usr/sbin/nologin komodo-sync
COPY --from=build /venv /venv
ENV PATH="/venv/bin:${PATH}" PYTHONUNBUFFERED=1
WORKDIR /work
USER 10001:10001
ENTRYPOINT ["komodo-sync"]
CMD ["--help"]
