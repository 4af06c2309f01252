# The production image: the application on the locked packages, without the tools that installed them.
FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy
WORKDIR /build
COPY requirements-bootstrap.txt requirements.txt ./
RUN python -m venv /opt/bootstrap \
    && /opt/bootstrap/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-bootstrap.txt \
    && python -m venv --without-pip /opt/venv \
    && /opt/bootstrap/bin/uv pip install --no-cache --python /opt/venv/bin/python \
       --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=jobcenter.settings \
    STATIC_ROOT=/app/staticfiles \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Not through manage.py, which would start the embedded servers; the key made for this step is thrown away with it.
RUN FALLARBEIT_ENV=demo FALLARBEIT_DATA=/tmp/build python -m django collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build
# Only now: the image cannot be started without the settings of a production.
ENV FALLARBEIT_ENV=production
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "jobcenter.platform.health", "web"]
CMD ["gunicorn", "-c", "python:jobcenter.platform.webserver", "jobcenter.wsgi"]
