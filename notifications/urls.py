"""收件箱, inside ``/s/{slug}/``."""
from django.urls import path

from notifications.views import address, follow, inbox

app_name = "notifications"
urlpatterns = [path("inbox/", inbox, name="inbox"), path("inbox/address/", address, name="address"),
               path("inbox/<int:pk>/", follow, name="follow")]
