"""Who may sign in: Django's own check of the password, and in production nobody of the demo."""
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Asked at sign-in and again for every session, so an account that is closed is out at once."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not (settings.PRODUCTION and user.is_demo)
