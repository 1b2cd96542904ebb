"""Parents' pages of service levels, at the root of the site."""
from django.urls import path

from service_levels.parents import invited, views

urlpatterns = [
    path("t/<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("t/<slug:slug>/answers/", views.answers, name="answers"),
    path("t/<slug:slug>/answers/<int:pk>/helped/", views.helped, name="helped"),
    path("f/<str:token>/", views.own, name="own-request"),
    path("f/<str:token>/do/<str:verb>/", views.own_act, name="own-request-act"),
    path("e/<str:token>/", invited.own, name="own-invitation"),
    path("e/<str:token>/do/<str:verb>/", invited.own_act, name="own-invitation-act"),
    path("e/<str:token>/here/", invited.here, name="event-here"),
    path("f/<str:token>/files/<int:pk>/", views.own_file, name="own-file"),
]
