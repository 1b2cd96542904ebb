"""All settings, read from the environment. MIAOPU_ENV=production refuses what only a demo may have."""
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config.unfold import UNFOLD  # noqa: F401  (read by django-unfold)

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# -- where we are ------------------------------------------------------------------------------------
PRODUCTION = env.str("MIAOPU_ENV", "demo") == "production"
EMBEDDED = env.bool("MIAOPU_EMBEDDED", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
MIAOPU_MASTER_KEY = env.str("MIAOPU_MASTER_KEY")
MIAOPU_ORIGIN = env.str("MIAOPU_ORIGIN", "http://localhost:8000")
MIAOPU_DEMO_PASSWORD = env.str("MIAOPU_DEMO_PASSWORD", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "testserver"])
MIAOPU_PROXIES = env.int("MIAOPU_PROXIES", 1 if PRODUCTION else 0)  # how many proxies of our own add to X-Forwarded-For

if PRODUCTION and (DEBUG or EMBEDDED or min(len(SECRET_KEY), len(MIAOPU_MASTER_KEY)) < 40):
    raise ImproperlyConfigured("生产环境不接受 DEBUG、内嵌数据库，SECRET_KEY 和 MIAOPU_MASTER_KEY 至少 40 个字符。")

# -- databases: the app role works, the owner migrates, the poller finds, the backup dumps (DESIGN §3) --
DB_ROLE = env.str("MIAOPU_DB_ROLE", "app")
_URLS = {"default": "DATABASE_OWNER_URL" if DB_ROLE == "owner" else "DATABASE_URL",
         "poller": "DATABASE_POLLER_URL", "backup": "DATABASE_BACKUP_URL", "owner": "DATABASE_OWNER_URL"}
DATABASES = {alias: env.dj_db_url(name) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
             for alias, name in _URLS.items() if alias == "default" or env.str(name, "")}
if PRODUCTION and DB_ROLE == "app":
    DATABASES.pop("owner", None)  # the web never holds the key to the schema
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "tenancy.counting.CountingCache", "LOCATION": f"{REDIS_URL}/{env.int('REDIS_CACHE_DB', 1)}",
                      "TIMEOUT": 300, "KEY_PREFIX": env.str("CACHE_PREFIX", "mp")}}

# -- the stack, bottom up (DESIGN §1) ------------------------------------------------------------------
MIAOPU_APPS = ["tenancy", "audit", "notifications", "crm", "tiering", "churn", "service_levels", "reception", "supervision"]
INSTALLED_APPS = [
    "unfold", "unfold.contrib.filters",
    "django.contrib.admin.apps.SimpleAdminConfig", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.humanize",
    "rest_framework", "django_filters", "drf_spectacular", "drf_spectacular_sidecar",
    "allauth", "allauth.account", "allauth.mfa", "axes", "django_celery_beat", "django_htmx", "csp",
    "pgtrigger", "pghistory",
    *MIAOPU_APPS, "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenancy.middleware.SchoolMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
SCHOOL_URLCONF = "config.school_urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [BASE_DIR / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                               "django.contrib.messages.context_processors.messages", "csp.context_processors.nonce",
                               "tenancy.context.school"],
        "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tenancy.templatetags.mp"],
    },
}]

# -- people ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "tenancy.backends.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tenancy.accounts.ClosedDoor"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}  # axes counts failed sign-ins, by name and address
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_DISABLE_ACCESS_LOG = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True

# -- language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# -- files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": env.str("MIAOPU_FILES", str(BASE_DIR / "var" / "files"))}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage" if PRODUCTION
                    else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- the API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenancy.api.MemberToken", "tenancy.api.MemberSession"],
    "DEFAULT_PERMISSION_CLASSES": ["tenancy.api.MemberMay"],
    "DEFAULT_PAGINATION_CLASS": "tenancy.api.Pages",
    "PAGE_SIZE": 25,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["tenancy.api.MemberThrottle"],
    "DEFAULT_THROTTLE_RATES": {"member": "600/min"},
    "EXCEPTION_HANDLER": "tenancy.api.answer_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "苗圃 Miaopu API", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"], "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR", "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "tenancy.schema.tell_errors", "tenancy.schema.tell_server"],
    "ENUM_NAME_OVERRIDES": {"RequestKindEnum": "service_levels.models.ServiceRequest.Kind", "ChannelEnum": "crm.models.Channel",
                            "EntryKindEnum": "crm.models.EntryKind", "RequestWayEnum": "service_levels.requests.forms.WAYS"},
}

# -- channels of the staff: schemes of apprise; ``console`` writes the line into the worker's log, for the demo
MIAOPU_CHANNELS = env.list("MIAOPU_CHANNELS", ["wecombot", "dingtalk", "feishu"] + ([] if PRODUCTION else ["console"]))

# -- parents: mail by SMTP where it is given, a gateway of one's own for short messages where its address is
MIAOPU_MAIL = bool(env.str("EMAIL_URL", ""))
if MIAOPU_MAIL:
    globals().update(env.dj_email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("MIAOPU_FROM_EMAIL", "miaopu@localhost")
EMAIL_TIMEOUT = 15  # seconds
MIAOPU_SMS_URL = env.str("MIAOPU_SMS_URL", "")

# -- work that leaves the request (DESIGN §9) -----------------------------------------------------------------
CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_TASK_DEFAULT_QUEUE = env.str("MIAOPU_QUEUE", "miaopu")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_SOFT_TIME_LIMIT = 3500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "notifications.heartbeat", "schedule": 20.0},
    "give-up-deliveries": {"task": "notifications.give_up", "schedule": 300.0},
    "seal-audit": {"task": "audit.seal_all", "schedule": 60.0},
    "quarterly-retier": {"task": "tiering.retier_all", "schedule": crontab(minute=0, hour=2, day_of_month=1, month_of_year="1,4,7,10")},
    "slots": {"task": "reception.sweep_all", "schedule": crontab(minute=10)},
    "morning": {"task": "crm.morning_all", "schedule": crontab(minute=30, hour=7)},
    "follow-ups": {"task": "reception.morning_all", "schedule": crontab(minute=40, hour=7)},
    "nightly-sweep": {"task": "tiering.rejudge_all", "schedule": crontab(minute=30, hour=1)},
    "measures": {"task": "churn.morning_all", "schedule": crontab(minute=20, hour=7)},
    "nightly-risk": {"task": "churn.sweep_all", "schedule": crontab(minute=0, hour=3)},
    "nightly-entitlements": {"task": "service_levels.derive_all", "schedule": crontab(minute=0, hour=4)},
    "clocks": {"task": "service_levels.clocks_all", "schedule": 60.0},
    "touches": {"task": "service_levels.morning_all", "schedule": crontab(minute=35, hour=7)},
}

# -- safety ---------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {
    "default-src": [SELF], "script-src": [SELF, NONCE, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"], "font-src": [SELF], "connect-src": [SELF], "object-src": [NONE],
    "base-uri": [SELF], "form-action": [SELF], "frame-ancestors": [NONE],
}}
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [MIAOPU_ORIGIN]

SILENCED_SYSTEM_CHECKS = ["axes.W001", "fields.W342"]
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
PRODUCT_NAME = _("苗圃")
