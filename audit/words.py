"""What the audit's verbs are called on a screen; each app names its own in ``apps.ready``."""
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

_words: dict[str, Any] = {"audit.operator_entered": _("平台运营进入")}
_ADMIN = {"added": _("新建"), "changed": _("改"), "deleted": _("删除"), "downloaded": _("导出")}


def name(words: Mapping[str, Any]) -> None:
    _words.update(words)


def word(verb: str) -> str:
    """``tiering.batch_published`` → 发布批次; what the admin did is called by its model."""
    if verb in _words:
        return str(_words[verb])
    label, _dot, act = verb.rpartition("_")
    if act in _ADMIN and label.count(".") == 1:
        return f"{_ADMIN[act]}{kind(label)}"
    return verb


def kind(label: str) -> str:
    """``crm.child`` → 孩子"""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label
