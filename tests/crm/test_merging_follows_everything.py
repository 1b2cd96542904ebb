"""What hangs on a customer, a family or a child follows a merge, or is named here with the reason why it stays."""

from django.apps import apps

from crm.duplicates import OF_CHILD, OF_CUSTOMER, OF_FAMILY, OF_GUARDIAN, of_later_apps

STAYS = {
    "crm.family.customer",
    "crm.partner.customer",  # the halves themselves
    "crm.child.family",
    "crm.guardian.family",  # people are matched one by one
    "crm.merge.kept",
    "crm.merge.dropped",
    "crm.notduplicate.first",
    "crm.notduplicate.second",  # what is known of the pair
    "crm.searchtoken.customer",  # written anew
    "crm.extravalue.customer",  # one a field: the survivor's own
    "crm.dispute.other",  # which file a dispute is compared with; one that is gone compares nothing
}


def links_to(*names: str) -> set[str]:
    targets = {apps.get_model("crm", name) for name in names}
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_app_config("crm").get_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model in targets
        and "event" not in model._meta.model_name
    }


def test_every_link_of_the_archive_follows_or_stays_for_a_reason():
    moved = {
        f"{label}.{field.removesuffix('_id')}"
        for links in (OF_CUSTOMER, OF_FAMILY, OF_CHILD, OF_GUARDIAN, of_later_apps)
        for label, field in links
    }

    assert links_to("customer", "family", "child", "guardian") - moved - STAYS == set()
    assert moved & STAYS == set()
