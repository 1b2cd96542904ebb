"""Parents' pages, at the root of the site."""
from django.urls import path

from reception.public import asking, pages

urlpatterns = [
    path("t/<slug:slug>/book/", pages.choose, name="choose"),
    path("t/<slug:slug>/book/details/", pages.details, name="details"),
    path("t/<slug:slug>/book/wish/", asking.wish, name="wish"),
    path("t/<slug:slug>/book/lost/", asking.lost, name="lost"),
    path("b/<str:token>/", pages.own, name="own"),
    path("b/<str:token>/change/", pages.change, name="change"),
    path("b/<str:token>/do/<str:verb>/", pages.act, name="own-act"),
]
