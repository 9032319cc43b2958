"""How often someone may try: past it the answer is 429 with Retry-After."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True, strategy="fixed-window")
