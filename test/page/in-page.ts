/// <reference lib="dom" />
import type { Locator, Page } from "playwright-core";

/** What the page says to a screen reader it says for a moment only, so it is written down. */
export function listen(page: Page): Promise<void> {
  return page.evaluate(() => {
    const status = document.getElementById("status")!;
    const said: string[] = [];
    Reflect.set(globalThis, "said", said);
    new MutationObserver(() => said.push(status.textContent!)).observe(status, { childList: true });
  });
}

export async function heard(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => (Reflect.get(globalThis, "said") as string[]).includes(wanted), text);
}

/** The texts of a picture that leave their box or the picture, and those that overlap. */
export function misplacedTexts(diagram: Locator): Promise<{ outside: string[]; overlapping: string[] }> {
  return diagram.evaluate((svg) => {
    const frame = svg.getBoundingClientRect();
    const texts = Array.from(svg.querySelectorAll("text"));
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const outside = texts.filter((text, index) => {
      const box = boxes[index]!;
      const card = text.closest("g[transform]")?.querySelector("rect")?.getBoundingClientRect() ?? frame;
      return box.left < card.left || box.right > card.right || box.bottom > card.bottom || box.top < card.top;
    });
    const overlapping = texts.filter((_, index) =>
      boxes.some((other, position) => {
        const box = boxes[index]!;
        const isApart =
          box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top;
        return position !== index && !isApart;
      }),
    );
    return {
      outside: outside.map((text) => text.textContent),
      overlapping: overlapping.map((text) => text.textContent),
    };
  });
}
