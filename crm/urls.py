"""Staff pages of the archive, inside ``/s/{slug}/``."""
from django.urls import path

from crm.views import acts, attendance, families, family, imports, people, tidying

app_name = "crm"
urlpatterns = [
    path("", families.today, name="today"),
    path("families/", families.families, name="families"),
    path("families/new/", families.add, name="family_add"),
    path("partners/new/", families.add_partner, name="partner_add"),
    path("families/deleted/", families.bin_, name="bin"),
    path("families/<int:pk>/", family.family, name="family"),
    path("families/<int:pk>/record/<str:what>/", acts.act, name="act"),
    path("families/<int:pk>/log/", family.log, name="log"),
    path("families/<int:pk>/pay/", family.pay, name="pay"),
    path("families/<int:pk>/delete/", family.delete, name="delete"),
    path("timeline/<int:pk>/undo/", people.unlog, name="unlog"),
    path("guardians/<int:pk>/reveal/", family.reveal, name="reveal"),
    path("enrolments/<int:pk>/leave/", family.leave, name="leave"),
    path("members/<int:pk>/", people.member_page, name="member"),
    path("my-day/", people.my_day, name="my_day"),
    path("my-day/<int:pk>/undo/", people.undo, name="undo"),
    path("my-day/undo-last/", people.undo_last, name="undo_last"),
    path("attendance/", attendance.attendance, name="attendance"),
    path("lists/", people.lists, name="lists"),
    path("promote/", tidying.promote, name="promote"),
    path("promote/<int:pk>/undo/", tidying.promotion_undo, name="promotion_undo"),
    path("duplicates/", tidying.pairs, name="duplicates"),
    path("duplicates/<int:pk>/<int:other>/", tidying.compare, name="compare"),
    path("merges/<int:pk>/undo/", tidying.merge_undo, name="merge_undo"),
    path("imports/", imports.imports, name="imports"),
    path("imports/template/<str:kind>/", imports.template, name="import_template"),
    path("imports/<int:pk>/", imports.run, name="import"),
    path("imports/<int:pk>/map/", imports.map_columns, name="import_map"),
    path("imports/<int:pk>/fix/<int:row>/", imports.fix, name="import_fix"),
    path("imports/<int:pk>/start/", imports.begin, name="import_start"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/refused/", imports.refused, name="import_refused"),
    path("imports/<int:pk>/undo/", imports.undo_run, name="import_undo"),
]
