import * as fs from "node:fs";

import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** The machine's own Chromium, if it has one. */
export const CHROMIUM = [process.env["CHROMIUM"], ...PLACES].find((place) => place && fs.existsSync(place));

/** Starts it with a profile of its own, which is gone when it ends. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: 120_000 });
}
