"""How tests use a page by keys alone."""

from playwright.sync_api import Locator, Page, expect

TABS = 200  # from one end of the page to the other
# How many Tabs lead from the focus to an element, less than 0 for those back; null where it is not seen. Where that is
# one too many or too few, as one of several radio buttons is a stop, the next look tells.
WAY = """element => {
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true });
  const { activeElement: at } = document;
  if (at === element) return 0;
  if (!isSeen(element)) return null;
  const isBefore = at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
  const way = isBefore ? -1 : 1;
  if (at === document.body) return way;
  const [from, to] = isBefore ? [element, at] : [at, element];
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((each) => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
      && to.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING)
    .filter((each) => each.tabIndex >= 0 && !each.disabled && isSeen(each));
  return way * (1 + stops.length);
}"""


def reach(page: Page, target: Locator) -> None:
    """Move the focus by Tab until it is there, back where it lies before."""
    left = TABS
    while left > 0:
        way = target.evaluate(WAY)
        if way is None:
            expect(target).to_be_visible()
            continue
        if way == 0:
            return
        for _ in range(abs(way)):
            page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        left -= abs(way)
    raise AssertionError(f"no Tab leads to {target}")


def press(page: Page, target: Locator) -> None:
    """Press a button by keys."""
    reach(page, target)
    page.keyboard.press("Enter")
