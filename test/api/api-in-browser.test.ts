import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium, openAddress } from '../report/chromium.js';
import { startService, type Service } from './service.js';

if (noChromium) console.warn(`Browser tests of the API are skipped: ${noChromium}`);

describe.skipIf(noChromium !== null)('the page in Chromium, as the service sends it', () => {
  let browser: Browser;
  let service: Service;
  beforeAll(async () => {
    [browser, service] = await Promise.all([launchChromium(), startService()]);
  });
  afterAll(() => Promise.all([browser.close(), service.close()]));

  test('opens without a console error, a refused style or a request of its own', async () => {
    const opened = await openAddress(browser, `${service.url}/`, {
      width: 1200,
      colorScheme: 'light',
    });
    expect(opened.complaints).toEqual([]);
  });
});
