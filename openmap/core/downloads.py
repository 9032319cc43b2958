"""Handing out a stored file: as what it is, never as a page of this site."""

import io

from flask import request, send_file
from werkzeug import Response

from openmap.core.files import StoredFile


def file_answer(stored: StoredFile) -> Response:
    """The file itself: images to be shown, anything else to be saved; unchanged ones are not sent again.

    Who may read it is the view's business. The answer belongs to nobody's cache but the reader's.
    """
    answer = send_file(
        io.BytesIO(stored.content),
        mimetype=stored.media_type,
        as_attachment=not stored.media_type.startswith("image/"),
        download_name=stored.name,
        etag=stored.sha256,
        last_modified=stored.created_at,
        conditional=False,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
