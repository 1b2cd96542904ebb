"""How the admin looks: our two colour ramps, our stylesheet, and the side menu that each app's menu.py fills."""
from django.templatetags.static import static
from django.utils.functional import lazy

_static = lazy(static, str)

UNFOLD = {
    "SITE_TITLE": "苗圃",
    "SITE_HEADER": "苗圃",
    "SITE_URL": None,
    "SITE_ICON": lambda request: static("mp/sprout.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _static("mp/sprout.svg")}],
    "STYLES": [_static("mp/tokens.css"), _static("mp/staff.css")],
    "SCRIPTS": [_static("mp/staff.js")],
    "BORDER_RADIUS": "6px",
    "SHOW_LANGUAGES": False,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "navigation": "tenancy.menu.navigation"},
    "COLORS": {
        "base": {"50": "#faf9f6", "100": "#f3f1ec", "200": "#e6e2da", "300": "#d3cdc2", "400": "#a8a093", "500": "#756d62",
                 "600": "#5c554b", "700": "#443f37", "800": "#2c2924", "900": "#1e1c18", "950": "#171512"},
        "primary": {"50": "#f0f6f1", "100": "#ddebe0", "200": "#bcd8c3", "300": "#92be9e", "400": "#6aa47d", "500": "#40825a",
                    "600": "#2f6b47", "700": "#27573a", "800": "#214631", "900": "#1b3727", "950": "#122419"},
    },
}
