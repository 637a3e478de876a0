# One image: it serves, and with arguments it is the command line: docker run -v "$PWD":/data glyphline read /data
ARG PYTHON=docker.io/library/python:3.11-slim

FROM ${PYTHON} AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python3.11 -m venv /opt/glyphline \
    && /opt/glyphline/bin/pip install --quiet --no-cache-dir --require-hashes -r /tmp/requirements.txt \
    && /opt/glyphline/bin/pip uninstall --quiet --yes setuptools pip

FROM ${PYTHON}
COPY --from=packages /opt/glyphline /opt/glyphline
WORKDIR /app
COPY LICENSE README.md gunicorn.conf.py ./
COPY model model
COPY webapp webapp
COPY static static
COPY templates templates
COPY scripts/entrypoint.sh scripts/healthcheck.py scripts/
# Bytecode now: later nobody may write here.
RUN /opt/glyphline/bin/python -m compileall -q model webapp gunicorn.conf.py
ENV PATH=/opt/glyphline/bin:${PATH} PYTHONPATH=/app PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
# A number, so that a cluster can tell that it is not root.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "/app/scripts/healthcheck.py"]
ENTRYPOINT ["/app/scripts/entrypoint.sh"]
