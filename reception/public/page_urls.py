"""Parents' pages, at the root of the site."""
from django.urls import path

from reception.public import asking, contract_pages, pages

urlpatterns = [
    path("t/<slug:slug>/book/", pages.choose, name="choose"),
    path("t/<slug:slug>/book/details/", pages.details, name="details"),
    path("t/<slug:slug>/book/wish/", asking.wish, name="wish"),
    path("t/<slug:slug>/book/lost/", asking.lost, name="lost"),
    path("c/<str:token>/", contract_pages.own_contract, name="own-contract"),
    path("c/<str:token>/copy/", contract_pages.own_copy, name="own-copy"),
    path("b/<str:token>/", pages.own, name="own"),
    path("b/<str:token>/change/", pages.change, name="change"),
    path("b/<str:token>/do/<str:verb>/", pages.act, name="own-act"),
]
