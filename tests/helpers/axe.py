"""What axe-core finds wrong with a page for people who see, hear or point otherwise."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Left out is what Plotly draws in its own way; the chart is said in the name of its picture.
RUN = """async ([tags, within]) => {
  for (const each of document.getAnimations()) each.finish();
  const { violations } = await axe.run({ include: within, exclude: [".plot > *"] }, {
    runOnly: { type: "tag", values: tags },
    rules: { "label-content-name-mismatch": { enabled: true } }, // an experimental rule, of WCAG 2.5.3
    resultTypes: ["violations"],
  });
  const told = ({ target, html, any }) => [target.join(" "), html.slice(0, 160), any[0]?.message ?? ""].join(" | ");
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${told(node)}`));
}"""


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds in a part of the page as it is shown: rule, place, markup and reason."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(RUN, [TAGS, [within]]))
