"""The application's settings; what differs is speed alone (house style 25)."""

from jobcenter.settings import *  # noqa: F403
from jobcenter.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Nothing is collected in tests: the folder that WhiteNoise would read does not exist.
WHITENOISE_AUTOREFRESH = True
# Sessions begun by force_login have given no second factor; tests of the rule ask for it (fixture factor_required).
SECOND_FACTOR_OPTIONAL = True
