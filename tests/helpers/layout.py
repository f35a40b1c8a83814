"""The widths of windows in the tests, and scripts that find text that overflows or is cut off."""

WIDTHS = (390, 768, 1024, 1440, 1920)
HEIGHTS = {390: 844, 768: 1024, 1024: 768, 1440: 900, 1920: 1080}
OVERFLOW = """() => {
  const wide = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    const scrolls = each.closest(".chips, .signs, .formula, pre, .rail, .plot, svg");
    return box.width && box.height && !scrolls && (box.right > innerWidth + 0.5 || box.left < -0.5);
  });
  const page = document.documentElement.scrollWidth - innerWidth;
  return { page, wide: wide.map((each) => each.outerHTML.slice(0, 90)) };
}"""
CLIPPED = """() => {
  const texts = "button, label, label > span, h1, h2, h3, p, dt, dd, li, em, small, figcaption, .legend li, .summary";
  return [...document.querySelectorAll(texts)]
    .filter((each) => each.checkVisibility() && each.clientWidth)
    .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 4)
    .map((each) => `${each.tagName} ${each.innerText.slice(0, 60)}: ${each.scrollWidth} > ${each.clientWidth}`);
}"""
NARROW_CHOICES = """() => [...document.querySelectorAll("select")].filter((each) => {
  if (!each.checkVisibility()) return false;
  const style = getComputedStyle(each);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const text = pen.measureText(each.selectedOptions[0].text).width;
  return text > each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
}).map((each) => `${each.ariaLabel}: ${each.selectedOptions[0].text}`)"""
