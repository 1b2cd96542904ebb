"""收件箱 and 家长消息, inside ``/s/{slug}/``."""
from django.urls import path

from notifications import parent_views
from notifications.views import address, follow, inbox

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/address/", address, name="address"),
    path("inbox/<int:pk>/", follow, name="follow"),
    path("messages/", parent_views.outgoing, name="outgoing"),
    path("messages/<int:pk>/", parent_views.message, name="message"),
    path("messages/<int:pk>/<str:verb>/", parent_views.settle, name="settle"),
    path("message-templates/", parent_views.templates, name="templates"),
    path("message-templates/<str:kind>/<str:language>/", parent_views.template, name="template"),
    path("message-templates/<str:kind>/<str:language>/preview/", parent_views.preview, name="preview"),
    path("sms/", parent_views.account, name="account"),
    path("sms/test/", parent_views.test, name="sms_test"),
]
