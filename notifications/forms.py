"""What a school sets of its messages to parents: their words, and the account at a provider of short messages."""
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import wording
from notifications.models import MessageTemplate, SmsAccount
from notifications.providers import providers
from tenancy.site import SchoolForm


class TemplateForm(SchoolForm):
    """One kind in one language. A name in braces that the kind does not know is refused, so that no parent reads a brace."""

    class Meta:
        model = MessageTemplate
        fields = ["text", "provider_code"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "class": "mp-input", "data-preview": "text"}),
                   "provider_code": forms.TextInput(attrs={"class": "mp-input", "autocomplete": "off"})}

    def __init__(self, *args: Any, kind: wording.MessageKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.initial["text"] = wording.spoken(self.instance.text, kind, self.instance.language)
        self.fields["provider_code"].help_text = gettext_lazy("阿里云、腾讯云要先在他们那里报备同样的内容；没有编号就走邮件或人工")

    def clean_text(self) -> str:
        language = self.instance.language
        text = wording.canonical(str(self.cleaned_data["text"]).strip(), self.kind, language)
        odd = wording.unknown(text, self.kind)
        if odd:
            names = "、".join(f"{{{word}}}" for word in self.kind.words(language).values())
            raise forms.ValidationError(_("“%(odd)s”填不出来。这类消息能用：%(names)s") % {"odd": odd[0], "names": names})
        return text


class SmsForm(SchoolForm):
    """The account. A secret that is left empty stays as it is."""

    provider = forms.ChoiceField(label=gettext_lazy("服务商"), widget=forms.Select(attrs={"class": "mp-input"}))
    secret = forms.CharField(label=gettext_lazy("密钥"), max_length=200, required=False, strip=True,
                             widget=forms.PasswordInput(attrs={"class": "mp-input", "autocomplete": "new-password"}))

    class Meta:
        model = SmsAccount
        fields = ["provider", "account", "secret", "signature", "app", "is_on"]
        help_texts = {"account": gettext_lazy("阿里云和腾讯云的 AccessKey / SecretId；云片不用填"),
                      "app": gettext_lazy("只有腾讯云要填 SdkAppId"),
                      "signature": gettext_lazy("在服务商那里报备过的签名，不带【】")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [(code, known.name) for code, known in providers().items()]
        for name in ("account", "signature", "app"):
            self.fields[name].widget.attrs["class"] = "mp-input"
        if self.instance.secret_sealed:
            self.fields["secret"].help_text = _("已保存，不再显示；不换就留空")

    def clean_secret(self) -> str:
        typed = str(self.cleaned_data["secret"])
        if not typed and not self.instance.secret_sealed:
            raise forms.ValidationError(_("请填写服务商给的密钥。"))
        return typed

    def clean_signature(self) -> str:
        return str(self.cleaned_data["signature"]).strip().strip("【】[]")
