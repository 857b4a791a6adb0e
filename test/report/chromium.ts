import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['LOADCAST_CHROMIUM'] ?? '/usr/bin/chromium';
const required = (process.env['LOADCAST_REQUIRE'] ?? '').split(/[\s,]+/).includes('chromium');

/** Why browser tests are skipped, or null where they run. With LOADCAST_REQUIRE=chromium they run and fail instead. */
export const noChromium: string | null =
  required || existsSync(executablePath)
    ? null
    : `no ${executablePath}: install chromium or set LOADCAST_CHROMIUM`;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenOptions {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

export interface Opened {
  /** console errors, page errors and requests other than the page itself */
  readonly complaints: readonly string[];
  readonly scrollWidth: number;
  readonly screenshot: Buffer;
}

/** Opens an address and says what a reader and the browser's console would complain of. */
export async function openAddress(
  browser: Browser,
  address: string,
  options: OpenOptions,
): Promise<Opened> {
  const page = await browser.newPage({
    viewport: { width: options.width, height: 900 },
    colorScheme: options.colorScheme,
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith('data:')) complaints.push(`asked for ${url}`);
  });
  await page.goto(address);
  const opened = {
    complaints,
    scrollWidth: await page.evaluate<number>('document.documentElement.scrollWidth'),
    screenshot: await page.screenshot({ fullPage: true }),
  };
  await page.close();
  return opened;
}

/** Serves one page on a free port under the strict content security policy that the report promises to work with. */
export async function servePage(html: string): Promise<{ address: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return { address: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
