# One image for web, worker, beat, relay and migrate; which one it is, its command says.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN useradd --create-home --uid 10001 miaopu && mkdir -p var/files var/static && chown -R miaopu var \
    && SECRET_KEY=build-only MIAOPU_MASTER_KEY=build-only DATABASE_URL=postgresql://x/x REDIS_URL=redis://x \
       python manage.py compile_translations
USER miaopu
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--workers", "4", "--threads", "4"]
