// Hints: the sentence that a browser shows under a pointer is shown as well of what the keys reach or a finger holds.

import { make } from "../base/dom.js";

const [HOLD, STILL] = [500, 10]; // milliseconds for which a finger holds, and pixels that it may move meanwhile
const [GAP, EDGE] = [8, 6]; // pixels between the hint and what it explains, and the edge of the window

/** Where a box of this size stands beside another: to the right, below or above, wherever there is room. */
export function placeOf({ width, height }, beside, page) {
  const inside = (value, size, room) => Math.max(EDGE, Math.min(value, room - size - EDGE));
  const isNarrow = beside.right + GAP + width + EDGE <= page.width && beside.right < page.width / 3;
  if (isNarrow) return { left: beside.right + GAP, top: inside(beside.top, height, page.height) };
  const below = beside.bottom + GAP;
  const top = below + height + EDGE <= page.height ? below : beside.top - GAP - height;
  return { left: inside(beside.left, width, page.width), top: inside(top, height, page.height) };
}

/** The element that explains what is at a target, or null. */
const explaining = (target) => (target instanceof Element ? target.closest("[title]:not([title=''])") : null);

/** Set up the hints of all controls in `all`. */
function mount(_root, { all, store }) {
  const bubble = make("div", { className: "hint", ariaHidden: "true", hidden: true });
  const { life } = store;
  let held = null; // {timer, x, y}: a finger that may come to hold
  let swallows = false; // whether the click that ends a hold is not to press anything
  all.append(bubble);

  function hide() {
    bubble.hidden = true;
  }

  function show(element) {
    if (!element) return;
    bubble.textContent = element.title;
    bubble.hidden = false;
    const { left, top } = placeOf(bubble.getBoundingClientRect(), element.getBoundingClientRect(), {
      width: innerWidth,
      height: innerHeight,
    });
    Object.assign(bubble.style, { left: `${left}px`, top: `${top}px` });
  }

  function letGo() {
    life.cancel(held?.timer ?? null);
    held = null;
  }

  life.listen(all, "focusin", ({ target }) => target.matches(":focus-visible") && show(explaining(target)));
  life.listen(all, "focusout", hide);
  life.listen(all, "keydown", hide, true);
  life.listen(all, "scroll", hide, true);
  life.listen(all, "pointerdown", ({ target, pointerType, clientX: x, clientY: y }) => {
    hide();
    letGo();
    swallows = false;
    const element = explaining(target);
    if (pointerType !== "touch" || !element) return;
    const timer = life.later(() => {
      swallows = true;
      show(element);
    }, HOLD);
    held = { timer, x, y };
  });
  life.listen(all, "pointermove", ({ clientX, clientY }) => {
    if (held && Math.hypot(clientX - held.x, clientY - held.y) > STILL) letGo();
  });
  for (const end of ["pointerup", "pointercancel"]) life.listen(all, end, letGo);
  life.listen(
    all,
    "click",
    (event) => {
      if (!swallows) return;
      swallows = false;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  store.on(["words"], hide);
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const hints = { name: "hints", slot: "header", mount };
