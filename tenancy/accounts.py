"""allauth's adapter: nobody signs themselves up; colleagues are invited."""
from allauth.account.adapter import DefaultAccountAdapter


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request: object) -> bool:
        return False
