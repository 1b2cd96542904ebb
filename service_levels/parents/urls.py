"""Parents' pages of service levels, at the root of the site."""
from django.urls import path

from service_levels.parents import views

urlpatterns = [
    path("t/<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("t/<slug:slug>/answers/", views.answers, name="answers"),
    path("t/<slug:slug>/answers/<int:pk>/helped/", views.helped, name="helped"),
    path("f/<str:token>/", views.own, name="own-request"),
    path("f/<str:token>/do/<str:verb>/", views.own_act, name="own-request-act"),
    path("f/<str:token>/files/<int:pk>/", views.own_file, name="own-file"),
]
