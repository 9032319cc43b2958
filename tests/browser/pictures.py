"""Draw the picture of the README anew: `python -m tests.browser.pictures`.

Starts a demonstration of its own, signs in as its organiser and shoots the proposal of 2015, from its headline to the
last desk of its grid.
"""

import base64
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import SOLVED, demo_site, new_context, sign_in
from tests.servers import CHROMIUM_FLAGS, chromium_path

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
MARGIN = 20
# The 256 commonest colours of a picture, and for each pixel the nearest of them.
TO_PALETTE = """async (picture) => {
  const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
  const pixels = [];
  for (let at = 0; at < data.length; at += 4) pixels.push((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)).slice(0, 256);
  const part = (colour, shift) => (colour >> shift) & 255;
  const far = (a, b) => [16, 8, 0].reduce((sum, shift) => sum + (part(a, shift) - part(b, shift)) ** 2, 0);
  const nearest = new Map();
  for (const colour of counts.keys()) {
    let best = 0;
    palette.forEach((each, index) => { if (far(colour, each) < far(colour, palette[best])) best = index; });
    nearest.set(colour, best);
  }
  const indexes = pixels.map((pixel) => String.fromCharCode(nearest.get(pixel))).join("");
  return { width: bitmap.width, height: bitmap.height, palette, indexes: btoa(indexes) };
}"""


def main() -> int:
    """Write docs/images/grid.png."""
    with tempfile.TemporaryDirectory() as folder, demo_site(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        look = {"viewport": {"width": WIDTH, "height": HEIGHT}, "color_scheme": "light", "reduced_motion": "reduce"}
        page = sign_in(new_context(browser, site, **look), site.links[SOLVED, "organiser"])
        page.goto(f"/events/{SOLVED}/allocation/1")
        shoot(page, ".headline", ".schedule-region", IMAGES / "grid.png")
        browser.close()
    return 0


def shoot(page: Page, first: str, last: str, file: Path) -> None:
    """Save what the page shows from the top of `first` to the bottom of `last`, with some air around."""
    page.evaluate("document.fonts.ready")
    top, bottom = page.locator(first).bounding_box(), page.locator(last).bounding_box()
    if top is None or bottom is None:
        raise RuntimeError(f"{page.url} shows no {first} or no {last}")
    y = top["y"] - MARGIN
    height = bottom["y"] + bottom["height"] + MARGIN - y
    file.parent.mkdir(exist_ok=True)
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": y, "width": WIDTH, "height": height})
    blank = page.context.new_page()
    reduced = blank.evaluate(TO_PALETTE, f"data:image/png;base64,{base64.b64encode(shot).decode()}")
    file.write_bytes(png(reduced["width"], reduced["height"], reduced["palette"], base64.b64decode(reduced["indexes"])))


def png(width: int, height: int, palette: list[int], indexes: bytes) -> bytes:
    """A PNG of a byte a pixel, rows unfiltered: half of what Chromium writes for flat colours and text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + indexes[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(colour.to_bytes(3) for colour in palette)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"PLTE", colours), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    )


if __name__ == "__main__":
    sys.exit(main())
