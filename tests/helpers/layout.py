"""The widths of windows in the tests, and scripts that find text that overflows or is cut off."""

WIDTHS = (390, 768, 1024, 1440, 1920)
HEIGHTS = {390: 844, 768: 1024, 1024: 768, 1440: 900, 1920: 1080}
OVERFLOW = """() => {
  const wide = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    const scrolls = each.closest(".signs, .formula, pre, .rail, .plot, svg");
    return box.width && box.height && !scrolls && (box.right > innerWidth + 0.5 || box.left < -0.5);
  });
  const page = document.documentElement.scrollWidth - innerWidth;
  return { page, wide: wide.map((each) => each.outerHTML.slice(0, 90)) };
}"""
CLIPPED = """() => {
  const texts = "button, label, label > span, h1, h2, h3, p, dt, dd, li, em, small, figcaption, .legend li, .summary";
  return [...document.querySelectorAll(texts)]
    .filter((each) => each.checkVisibility() && each.clientWidth > 1) // nor what is only heard
    .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 4)
    .map((each) => `${each.tagName} ${each.innerText.slice(0, 60)}: ${each.scrollWidth} > ${each.clientWidth}`);
}"""
SPLIT = """() => {
  const lines = (each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return new Set([...range.getClientRects()].filter(({ width }) => width).map(({ top }) => Math.round(top / 4))).size;
  };
  const words = "thead th, thead th > span, tbody th, dt, label > span, .tabs button, .columns *, .looks";
  const split = [...document.querySelectorAll(words)]
    .filter((each) => each.checkVisibility() && !each.querySelector("*") && each.clientHeight + each.offsetHeight)
    .filter((each) => /^\\S{1,8}$/.test(each.innerText.trim()) && lines(each) > 1);
  const cut = [...document.querySelectorAll("input[placeholder]")].filter((each) => {
    const { fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(each);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const room = each.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1;
    return each.checkVisibility() && pen.measureText(each.placeholder).width > room;
  });
  const wide = [...document.querySelectorAll(".view table, .per-example, .costs table")]
    .filter((each) => each.checkVisibility() && each.offsetWidth > each.parentElement.clientWidth + 10);
  const overlapping = [...document.querySelectorAll(".per-example li, .operand-sides")].flatMap((row) => {
    const boxes = [...row.children].map((each) => each.getBoundingClientRect()).filter(({ width }) => width);
    const meet = (one, other) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
    return boxes.filter((box, i) => boxes.slice(0, i).some((other) => meet(box, other)));
  });
  const named = (each) => `${each.tagName} ${each.innerText || each.placeholder || each.className}`;
  return [...[...split, ...cut, ...wide].map(named), ...overlapping.map(() => "overlaps")];
}"""
NARROW_CHOICES = """() => [...document.querySelectorAll("select")].filter((each) => {
  if (!each.checkVisibility()) return false;
  const style = getComputedStyle(each);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const text = pen.measureText(each.selectedOptions[0].text).width;
  return text > each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
}).map((each) => `${each.ariaLabel}: ${each.selectedOptions[0].text}`)"""
