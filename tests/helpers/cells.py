"""How the tests point at the cells of a canvas that shows a tensor."""

from playwright.sync_api import FloatRect, Locator, Page

MARGIN = 2  # pixels around the cells of a canvas


def in_sight(canvas: Locator) -> FloatRect:
    """The bounding box of a canvas after scrolling it into sight."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    return box


def aim(page: Page, box: FloatRect, shape: tuple[int, ...], index: tuple[int, ...]) -> None:
    """Point at a cell of a canvas with this bounding box, which shows a whole tensor."""
    rows, columns = (1, 1, *shape)[-2:]
    row, column = (0, 0, *index)[-2:]
    width, height = (box["width"] - 2 * MARGIN) / columns, (box["height"] - 2 * MARGIN) / rows
    page.mouse.move(box["x"] + MARGIN + (column + 0.5) * width, box["y"] + MARGIN + (row + 0.5) * height)


def point(page: Page, canvas: Locator, shape: tuple[int, ...], index: tuple[int, ...]) -> None:
    """Point at a cell of a canvas that shows a whole tensor."""
    aim(page, in_sight(canvas), shape, index)


OVERLAY = """() => {
  const canvas = document.querySelector("canvas.overlay");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value);
}"""
