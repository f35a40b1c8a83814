// Printing: a sheet in place of the page, for as long as it is printed.

import { buttonOf, partOf } from "./parts.js";
import { sheetOf } from "./sheet.js";

/** The part of the panel: {element}. `close` closes the panel. */
export function printPart(tools) {
  const { all, host, close } = tools;
  const button = buttonOf("along.print.now");
  const element = partOf("print", button);
  element.hidden = !host.print;
  button.addEventListener("click", async () => {
    close();
    const sheet = await sheetOf(tools);
    all.append(sheet);
    await host.print();
    sheet.remove();
  });
  return { element };
}
