import { z } from 'zod';
import { energyChartsBaseUrl } from './sources/energy-charts.js';
import { openMeteoBaseUrls } from './sources/open-meteo.js';

/** How each provider is reached: the group of the configuration that bears its name. */

const httpUrl = z.url({ protocol: /^https?$/ });
/** of one attempt */
const timeoutMs = z.int().min(100).max(120_000);
/** between the requests of a back-fill */
const pauseMs = z.int().min(0).max(60_000);

export const providerOptions = {
  openMeteo: z
    .strictObject({
      baseUrl: httpUrl.default(openMeteoBaseUrls.forecast),
      archiveUrl: httpUrl.default(openMeteoBaseUrls.archive),
      timeoutMs: timeoutMs.default(10_000),
      pauseMs: pauseMs.default(500),
    })
    .prefault({}),
  energyCharts: z
    .strictObject({
      baseUrl: httpUrl.default(energyChartsBaseUrl),
      timeoutMs: timeoutMs.default(60_000),
      pauseMs: pauseMs.default(1_000),
    })
    .prefault({}),
} as const;

export type Providers = {
  readonly [Name in keyof typeof providerOptions]: z.infer<(typeof providerOptions)[Name]>;
};
