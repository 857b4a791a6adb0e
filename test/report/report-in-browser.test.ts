import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/render-report.js';
import { launchChromium, noChromium, openAddress, servePage } from './chromium.js';
import { fullContent } from './report-fixture.js';

if (noChromium) console.warn(`Browser tests of the report are skipped: ${noChromium}`);

describe.skipIf(noChromium !== null)('the report in Chromium', () => {
  let browser: Browser;
  let page: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await servePage(renderReport(fullContent()));
  });
  afterAll(async () => {
    page.close();
    await browser.close();
  });

  test.each([
    [1200, 'light'],
    [1200, 'dark'],
    [400, 'light'],
  ] as const)(
    'at %d px, %s: no complaint, no request, nothing wider than the page',
    async (width, colorScheme) => {
      const opened = await openAddress(browser, page.address, { width, colorScheme });
      expect(opened.complaints).toEqual([]);
      expect(opened.scrollWidth).toBeLessThanOrEqual(width);
    },
  );

  test('light and dark differ', async () => {
    const shots = await Promise.all(
      (['light', 'dark'] as const).map((colorScheme) =>
        openAddress(browser, page.address, { width: 800, colorScheme }),
      ),
    );
    expect(shots[0]?.screenshot.equals(shots[1]?.screenshot ?? Buffer.alloc(0))).toBe(false);
  });
});
