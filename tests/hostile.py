"""Requests that no page of ours sends: real addresses, fields and headers, bent as a stranger may bend them."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

Pairs = list[tuple[str, str]]

WORDS = (
    "", " ", "0", "-1", "1", "7", "2147483648", "9" * 30, "9" * 5000, "1e9", "NaN", "0x10", "null", "[]", "{}",
    "\0", "\x1b[31m", "a\r\nSet-Cookie: evil=1", "\ud800", "\udfff\ud800", "\u202e\u2066", "\u2028", "\ufffe",
    "é" * 700, "😀" * 300, "<script>alert(1)</script>", "{{ 7*7 }}", "%(message)s", "%s%n", "'; DROP TABLE x; --",
    "../../../etc/passwd", "..%2f", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
    "/[", "//[::", "S001", "B01", "sent", "withdrawn", "preferred", "up", "down", "waste", "93", "2A", "99", "on",
    "amina@exemple.fr", "x@y", "a@b\n.fr", "@", "000000", "१२३४५६", "73282932000074", "356000000", "approved",
)  # fmt: skip
QUERY = ("page", "q", "sector", "departement", "show", "state", "kind", "next", "to", "desk", "unmet", "reason", "x[]")
FIELDS = (
    "siret", "body", "name", "kind", "departement", "desk", "sector", "offer", "contact_name", "email", "phone",
    "unavailable", "consent_terms", "function", "action", "then", "refs", "remove_file", "label", "choices", "smallest",
    "retention_days", "participant_kinds", "structure", "motive",
    "direction", "order", "answer", "reason", "seen", "next", "code",
    "amount_low", "lot_count", "quarter", "clause", "reference", "presentation",
    "time_limit_s", "seed", "form_key", "csrf_token",
)  # fmt: skip
REGISTRATION = {
    "departement": "93", "sector": "waste", "contact_name": "Mallory", "email": "mallory@exemple.fr", "phone": "",
    "consent_terms": "y", "offer": "Tout", "unavailable": "1", "function": "PDG", "holds_desk": "y",
}  # fmt: skip
STAND = {"label": "Z9", "exhibitor": "Réseau M", "x": "9", "y": "9", "width": "3", "depth": "2", "seen": "x"}
LINE = {"kind": "round-table", "title": "Débat", "starts": "08:00", "ends": "08:30", "room": "Salle 2", "seen": "2"}
ON_STAGE: dict[str, Mapping[str, str]] = {
    "pitches.apply": {"title": "Tri", "summary": "Nous trions.", "speaker": "Mallory", "action": "send"},
    "pitches.edit_call": {
        "opens_at": "2090-05-01T09:00", "closes_at": "2090-05-10T18:00", "jury_closes_at": "2090-05-20T18:00",
        "places": "6", "reserve_places": "2", "pitch_minutes": "5", "guidance": "- Dites\n- Tout", "is_blind": "y",
    },
    "pitches.add_criterion": {"label": "Clarté", "lowest": "1", "highest": "5", "weight": "2"},
    "pitches.edit_criterion": {"label": "Clarté", "lowest": "0", "highest": "20", "weight": "9", "confirms": "y"},
    "pitches.extend": {"until": "2090-05-11T18:00", "reason": "Grippe"},
    "juries.invite": {"lines": "Jeanne;jeanne@jury.fr\namina@exemple.fr", "message": "Venez"},
    "juries.share": {"per_file": "3", "draw": "1"},
    "juries.assign": {"pair": "{reviewer}-{judged}", "had": "{reviewer}-{judged}", "next": "//evil.example"},
    "juries.reopen": {"until": "2090-05-21T18:00", "reason": "Absente"},
    "juries.judge": {"act": "give", "criterion_{criterion}": "5", "comment": "Bien", "seen": ""},
    "juries.conflict": {"reason": "Ma sœur"},
    "selections.decide": {"application": "{judged}", "outcome": "reserve", "version": "0"},
    "selections.rest": {"version": "0"},
    "selections.add_rule": {"kind": "departement", "departements": "93", "at_least": "1", "at_most": "2"},
    "selections.edit_rule": {"at_least": "2", "at_most": "1"},
    "selections.deadline": {"confirm_before": "2090-05-25T18:00"},
    "selections.publish": {"version": "0"},
    "selections.write": {"message": "Bravo"},
    "selections.change": {"outcome": "rejected", "message": "Non", "version": "0"},
    "selections.promote": {"overrules": "y", "version": "0"},
    "selections.give_up": {"reason": "Malade"},
    "selections.decline": {"reason": "Malade"},
    "coaching.new": {
        "held_on": "2090-05-26", "half": "morning", "place": "Halle", "places": "4",
        "coach_name_1": "Coco", "coach_email_1": "coco@exemple.fr", "seen": "0",
    },
    "coaching.cancel_session": {"reason": "Grève"},
    "programming.new": LINE,
    "programming.edit": LINE,
    "programming.join": {"who": "{bruno}", "role": "pitch", "minutes": "5", "seen": "2"},
    "programming.order": {"order": "{appearance}"},
    "programming.press": {"act": "start", "step": "{line}-0", "seen": ""},
    "exhibition.edit": {"opens": "09:00", "closes": "13:00", "width": "20", "depth": "12", "seen": "x"},
    "exhibition.add_stand": STAND,
    "exhibition.edit_stand": STAND,
    "exhibition.move": {"towards": "right", "x": "1", "y": "1", "seen": "x"},
    "exhibition.align": {"count": "9", "stand_width": "3", "stand_depth": "2", "aisle": "2", "seen": "x"},
    "exhibition.describe": {"description": "Venez", "contact_email": "m@exemple.fr"},
    "series.wish": {"email": "mallory@exemple.fr", "sector": "waste"},
    "series.copy": {
        "title": "La suivante", "held_on": "2090-05-27", "sector": "waste", "venue": "Ici", "address": "Là",
        "parts": "exhibition", "look": "1", "dates_for": "2090-05-27", "call_starts": "2090-04-01T09:00",
    },
}  # fmt: skip
USUAL: Mapping[str, Mapping[str, str]] = ON_STAGE | {
    "roadmaps.add": {"title": "Tri", "sector": "waste", "service": "goods", "quarter": "8107", "clause": "none"},
    "roadmaps.edit_need": {
        "title": "Tri",
        "sector": "waste",
        "service": "goods",
        "quarter": "8107",
        "seen": "2026-11-22",
    },
    "roadmaps.begin": {"organisation": "1"},
    "roadmaps.follow": {"sectors": "waste"},
    "roadmaps.store_sheet": {"title": "0", "sector": "=it", "service": "=goods", "quarter": "0", "seen": "x"},
    "registrations.structure": REGISTRATION | {"siret": "35600000000048", "name": "Mallory SA", "kind": "esat"},
    "registrations.desk": REGISTRATION | {"body": "Ville de M", "kind": "local-authority", "desk": "DSI"},
    "registrations.partner": REGISTRATION | {"body": "Réseau M", "kind": "reseau", "desk": "Clauses"},
    "registrations.visitor": REGISTRATION | {"body": ""},
    "registrations.capacity": {"buyer": "3", "structure": "", "partner": "0", "visitor": "9"},
    "registrations.approve_many": {"refs": "{amina}"},
    "registrations.consent": {"answer": "give"},
    "leaving.reopen": {"reason": "Trop tôt"},
    "questions.new": {"label": "Et ?", "kind": "choices", "choices": "a\nb", "smallest": "1", "retention_days": "30"},
    "questions.edit": {"label": "Et ?", "kind": "file"},
    "questions.move": {"direction": "up"},
    "registrations.approve": {"seen": "approved"},
    "registrations.refuse": {"seen": "approved", "reason": "Non"},
    "meeting_requests.submit": {"desk": "{dsi}", "motive": "Encore"},
    "meeting_requests.reorder": {"order": "{request}"},
    "meeting_requests.edit_motive": {"motive": "Autrement"},
    "meeting_requests.move": {"direction": "up"},
    "meeting_requests.answer": {"answer": "preferred", "reason": ""},
    "accounts.sign_in": {"email": "mallory@exemple.fr"},
    "accounts.enter_code": {"code": "123456"},
    "allocation.start": {"time_limit_s": "10", "seed": "0"},
    "core.set_language": {"next": "/privacy"},
}
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data",
    "multipart/form-data; boundary=b", "multipart/form-data; boundary=" + "b" * 300, "application/json", "text/plain",
    "", "é/è", "multipart/form-data; boundary=\"",
)  # fmt: skip
RUBBISH = (
    b"",
    b"\xff\xfe\xe9=\xe9&&&==",
    b'--b\r\nContent-Disposition: form-data; name="a\r\n\r\n',
    b"{" * 2000,
    b"%" * 999,
)
HEADERS: tuple[tuple[str, str], ...] = (
    ("HTTP_HX_REQUEST", "true"), ("HTTP_ACCEPT_LANGUAGE", "é;q=x,,;"), ("HTTP_RANGE", "bytes=9-1,,-"),
    ("HTTP_IF_MODIFIED_SINCE", "Thu, 99 Foo 99999 99:99:99"), ("HTTP_IF_NONE_MATCH", "W/\"\xe9,*"),
    ("HTTP_REFERER", "http://[::"), ("HTTP_ORIGIN", "null"), ("HTTP_X_FORWARDED_HOST", "evil.example"),
    ("HTTP_AUTHORIZATION", "Basic \xe9\xe9"), ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"), ("HTTP_HOST", "evil.example"),
    ("HTTP_HOST", "localhost:99999999"), ("HTTP_HOST", "[::"), ("HTTP_HOST", ""), ("CONTENT_LENGTH", "-5"),
    ("CONTENT_LENGTH", "many"), ("CONTENT_LENGTH", "99999999"), ("HTTP_TRANSFER_ENCODING", "chunked"),
    ("HTTP_USER_AGENT", "\xff" * 400), ("HTTP_X_CSRFTOKEN", "\xe9"), ("HTTP_ACCEPT", "*/*;q=é"), ("HTTP_EXPECT", "x"),
)  # fmt: skip
COOKIES = (
    "remember_token=1|\xe9", "openmap_session=", "openmap_session=.eJ\xe9\xff.x.y", "openmap_session=" + "A" * 4000,
    "openmap_language=\xe9", "openmap_language=../../en", "=;;=,=\"\\777", "openmap_session=\"\\303\\50\"",
)  # fmt: skip
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")


@dataclass
class Hostile:
    """Draws requests; `routes` are (method, endpoint, address), `places` fills addresses."""

    chance: random.Random
    routes: list[tuple[str, str, str]]
    places: Mapping[str, object]
    token: str
    sent: list[bytes] = field(default_factory=list)
    round: list[tuple[str, str, str]] = field(default_factory=list)

    def environ(self, cookie: str) -> tuple[str, dict[str, Any]]:
        """An endpoint and a request to it, as a WSGI environment; `cookie` is the sender's."""
        if not self.round:
            self.round = self.chance.sample(self.routes, len(self.routes))
        method, endpoint, pattern = self.round.pop()  # each route once before any comes again
        body, content_type = self._body(endpoint) if method == "POST" or self._happens(0.1) else (b"", "")
        if self._happens(0.05):
            method = self.chance.choice(METHODS)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self._path(pattern),
            "QUERY_STRING": self._query(),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if self._happens(0.15):
            environ.update(self.chance.sample(HEADERS, 2))
        if self._happens(0.1):
            environ["HTTP_COOKIE"] = f"{cookie}; {self.chance.choice(COOKIES)}"
        return endpoint, environ

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _word(self) -> str:
        return self.chance.choice((*WORDS, *map(str, self.places.values())))

    def _path(self, pattern: str) -> str:
        bent = {name: self._word() if self._happens(0.12) else value for name, value in self.places.items()}
        path = pattern.format(**bent)
        if self._happens(0.05):
            at = self.chance.randrange(len(path))
            path = path[:at] + self._word() + path[at:]
        raw = path.encode("utf-8", "surrogatepass")
        if self._happens(0.02):
            raw += bytes(self.chance.randrange(256) for _ in range(5))
        return raw.decode("latin-1")  # as PEP 3333 says

    def _query(self) -> str:
        if self._happens(0.6):
            return ""
        if self._happens(0.1):
            return self.chance.choice(
                ("&&==;;", "%", "%zz=%e9", "a=%ed%a0%80", "q=\xe9", "%00=%00", "page=" + "9" * 4000)
            )
        pairs = [(self.chance.choice(QUERY), self._word()) for _ in range(self.chance.randint(1, 3))]
        return urlencode(pairs, errors="surrogatepass")

    def _body(self, endpoint: str) -> tuple[bytes, str]:
        if self.sent and self._happens(0.1):
            return self.chance.choice(self.sent), TYPES[0]  # a replay, perhaps of another form
        if self._happens(0.05):
            return self.chance.choice(RUBBISH), self.chance.choice(TYPES)
        pairs = self._pairs(endpoint)
        if self._happens(0.1):
            return _multipart(pairs), "multipart/form-data; boundary=b"
        body = urlencode(pairs, errors="surrogatepass").encode()
        self.sent = [*self.sent[-50:], body]
        if self._happens(0.03):
            return json.dumps(dict(pairs)).encode(), "application/json"
        return body, self.chance.choice(TYPES) if self._happens(0.05) else TYPES[0]

    def _pairs(self, endpoint: str) -> Pairs:
        usual = {
            name.format(**self.places): value.format(**self.places) for name, value in USUAL.get(endpoint, {}).items()
        }
        fields: dict[str, str] = {"csrf_token": self.token, "form_key": str(self.chance.randrange(9)), **usual}
        pairs = [(name, self._bent(value)) for name, value in fields.items() if not self._happens(0.04)]
        if self._happens(0.3):
            pairs += [(self.chance.choice(FIELDS), self._word()) for _ in range(3)]
        if self._happens(0.01):
            pairs.append((self.chance.choice(FIELDS), "é" * 300_000))
        return pairs

    def _bent(self, value: str) -> str:
        return self._word() if value != self.token and self._happens(0.15) else value


def _multipart(pairs: Pairs) -> bytes:
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{quote(name)}"; filename="\udcff"\r\n\r\n{value}\r\n'
        if len(value) % 7 == 6
        else f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    )
    return ("".join(parts) + "--b--\r\n").encode("utf-8", "surrogatepass")


def answer_to(serve: Callable[..., Any], environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """What `serve` says: status, headers, body; what it raises is raised."""
    seen: list[tuple[int, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_failure: Any) -> Callable[[bytes], object]:
        seen.append((int(status[:3]), dict(headers)))
        return lambda _written: None

    parts = serve(environ, start)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return *seen[-1], body
