"""The application: settings, what every feature stands on, then the features."""

from pathlib import Path

from flask import Blueprint, Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from openmap.accounts import signed_in
from openmap.accounts import views as accounts
from openmap.agendas import views as agendas
from openmap.allocation import views as allocation
from openmap.catalogue import views as catalogue
from openmap.coaching import views as coaching
from openmap.config import ROOT, Config, read_config
from openmap.core import clock, error_pages, formats, logs, uploads, web
from openmap.core import views as core
from openmap.core.db import db
from openmap.core.limits import limiter
from openmap.exhibition import views as exhibition
from openmap.explanations import views as explanations
from openmap.facilitation import views as facilitation
from openmap.invitations import views as invitations
from openmap.juries import views as juries
from openmap.leaving import views as leaving
from openmap.manage import views as manage
from openmap.meeting_requests import views as meeting_requests
from openmap.my_space import views as my_space
from openmap.organisations import views as organisations
from openmap.personal_data import views as personal_data
from openmap.pitches import views as pitches
from openmap.profiles import views as profiles
from openmap.programme import views as programme
from openmap.programming import views as programming
from openmap.public import views as public
from openmap.questions import views as questions
from openmap.registrations import merging  # noqa: F401 - it says which registrations forbid a merge
from openmap.registrations import views as registrations
from openmap.roadmaps import views as roadmaps
from openmap.selections import views as selections
from openmap.series import views as series
from openmap.telephone import views as telephone

PACKAGE = Path(__file__).resolve().parent
BLUEPRINTS: tuple[Blueprint, ...] = (
    core.blueprint,
    accounts.blueprint,
    organisations.blueprint,
    public.blueprint,
    questions.blueprint,
    registrations.blueprint,
    invitations.blueprint,
    roadmaps.blueprint,
    programme.blueprint,
    exhibition.blueprint,
    pitches.blueprint,
    juries.blueprint,
    selections.blueprint,
    coaching.blueprint,
    leaving.blueprint,
    meeting_requests.blueprint,
    meeting_requests.rules_blueprint,
    agendas.blueprint,
    allocation.blueprint,
    explanations.blueprint,
    profiles.blueprint,
    catalogue.blueprint,
    my_space.blueprint,
    personal_data.blueprint,
    facilitation.blueprint,
    telephone.blueprint,
    series.blueprint,
    programming.blueprint,
    programming.places.blueprint,
    manage.blueprint,
)

migrate = Migrate()
csrf = CSRFProtect()


def create_app(config: Config | None = None) -> Flask:
    """Build the application from `config`, or from the environment; raises BadSetting."""
    config = config or read_config()
    folder = _assets_folder()
    app = Flask("openmap", template_folder=str(folder / "templates"), static_folder=str(folder / "static"))
    app.config.from_mapping(_flask_settings(config))
    app.extensions["openmap"] = config
    config.data_dir.mkdir(parents=True, exist_ok=True)
    clock.shift(config.clock_offset)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True)
    uploads.init_uploads(app)  # before anything reads a request, as the next line does
    csrf.init_app(app)
    csrf.exempt(series.end)  # mail programs post there by themselves, and the address is the secret (RFC 8058)
    limiter.init_app(app)
    signed_in.init_sign_in(app)
    web.init_web(app)
    logs.init_logs(app)  # outside of everything that may fail
    web.trust_proxies(app, config.forwarded_hops)  # first of all, so that everything sees the client's address
    error_pages.init_error_pages(app)
    formats.register_filters(app)
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # as the catalogues' extraction does
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _assets_folder() -> Path:
    """Templates and assets stand beside the package in a checkout, inside it in a wheel."""
    packed = PACKAGE / "_web"
    return packed if packed.exists() else ROOT


def _flask_settings(config: Config) -> dict[str, object]:
    secure = config.public_url.startswith("https://")
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # no personal data in the logs of a failure
        "PUBLIC_URL": config.public_url,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_COOKIE_NAME": "openmap_session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_NAME": ";",  # no cookie can be called so: nobody is remembered but by the server
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "IS_DEMO": config.is_demo,
        "MAIL_REPLY_TO": config.mail_reply_to,
    }
