"""Celery: late acknowledgement, one task at a time, nothing but JSON; work that must not be lost is in the outbox."""
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("miaopu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
