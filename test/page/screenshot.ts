import * as fs from "node:fs";
import * as path from "node:path";

import { TerraformProject } from "../support/terraform";
import { launchChromium } from "./chromium";

const IMAGES = path.join(__dirname, "..", "..", "docs", "images");
const VIEWPORT = { width: 1080, height: 720 };

/** Deploys main.ts and takes the pictures of its operator's page that the README shows. */
async function takeScreenshots(): Promise<void> {
  const project = new TerraformProject();
  const browser = await launchChromium();
  try {
    await project.synthMain();
    await project.apply("mutual");
    fs.mkdirSync(IMAGES, { recursive: true });
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
      await page.goto(`file://${project.path("fleet-tls/mutual/fleet/index.html")}`);
      await page.screenshot({ path: path.join(IMAGES, `operator-page-${colorScheme}.png`) });
      await page.close();
    }
  } finally {
    await browser.close();
    project.dispose();
  }
}

void takeScreenshots();
