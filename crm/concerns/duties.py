"""家长的权利和义务 (C23, C24), in one place: shown where parents consent, sign, and speak their mind."""
from django.utils.translation import gettext_lazy as _

RIGHTS = (_("对教学和服务提意见、提建议"), _("对不满意的服务投诉，提出合理的退费要求"), _("享有安全、舒适的环境和好的教育资源"))
DUTIES = (_("遵守园里的规章和双方的约定"), _("反馈时客观公正，说真实的情况"))
