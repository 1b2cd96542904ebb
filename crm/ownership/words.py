"""The rule's reasons in words."""
from django.utils.translation import gettext_lazy as _

from crm.ownership import judging

WHY = {
    judging.FIRST: _("先接触到这一家，别人来的时候还在跟进"),
    judging.LAPSED: _("接触的时候，前一位已经太久没有跟进"),
    judging.VISIT: _("同一天接触到，先请来看园"),
    judging.OFTEN: _("同一天接触到，跟进得更勤"),
    judging.ONLY: _("有记录的只有一位"),
    judging.EVEN: _("同一天接触到，跟进也一样多，规则分不出来"),
    judging.NONE: _("没有写明是谁接触的记录，规则分不出来")}
