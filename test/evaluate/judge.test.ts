import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantileLevels } from '../../src/core/forecast.js';
import type { HourlySeries } from '../../src/core/hourly.js';
import { createRandom } from '../../src/core/random.js';
import { hourMs, isoUtc, localInstants } from '../../src/core/time.js';
import { accuracyByLead, blendColumn } from '../../src/evaluate/accuracy-by-lead.js';
import { trendConsistency } from '../../src/evaluate/trend.js';
import { present } from '../core/present.js';
import { sampleForecast } from './sample-forecasts.js';

const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const zone = 'Europe/Paris';

/** A year of load with a daily and weekly course and some blank hours; forecasts of every local midnight. */
function syntheticYear() {
  const random = createRandom('judge');
  const startMs = present(localInstants(zone, '2023-01-01', '2023-01-01')[0]);
  const endMs = present(localInstants(zone, '2024-01-01', '2024-01-01')[0]);
  const values = Float64Array.from({ length: (endMs - startMs) / hourMs }, (_, hour) =>
    random.uniform() < 0.01
      ? Number.NaN
      : 500 + 120 * Math.sin((hour - 7) / 3.82) + 40 * Math.sin(hour / 27) + 15 * random.normal(),
  );
  const load: HourlySeries = { startMs, values };
  const forecasts = localInstants(zone, '2023-01-01', '2023-12-29').map((issuedAtMs) =>
    sampleForecast(
      issuedAtMs,
      (lead, atMs) =>
        505 +
        110 * Math.sin(((atMs - startMs) / hourMs - 6.6) / 3.82) +
        (10 + lead / 9) * random.normal(),
      {
        quantilesMw: (point, lead) =>
          [-1.6, -1.2, -0.6, 0.05, 0.7, 1.3, 1.7].map((z) => point + z * (30 + lead / 4)),
      },
    ),
  );
  return { load, forecasts };
}

interface JudgedFigures {
  readonly n: number;
  readonly mape: number;
  readonly mae: number;
  readonly rmse: number;
  readonly bias: number;
  readonly r2: number;
  readonly nmae: number;
  readonly quantiles: {
    readonly mean_pinball_pct_of_mean_load: number;
    readonly intervals: Readonly<
      Record<string, { coverage: number; mean_width_pct_of_mean_load: number }>
    >;
  };
}

interface Judged {
  readonly checks: { readonly whole: boolean; readonly origins_missing: number };
  readonly project: Readonly<Record<string, JudgedFigures>> & {
    readonly trend: {
      readonly direction: { readonly accuracy: number; readonly steps_outside_band: number };
      readonly peak: Readonly<Record<string, number>>;
    };
  };
}

describe.skipIf(python.status !== 0)('our metrics beside tools/judge.py (needs python3)', () => {
  const { load, forecasts } = syntheticYear();
  let folder = '';
  let judged: Judged;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadcast-judge-'));
    const truth = Array.from(load.values.entries()).map(
      ([i, mw]) => `${isoUtc(load.startMs + i * hourMs)},${Number.isNaN(mw) ? '' : mw}`,
    );
    const rows = forecasts.flatMap(({ issuedAtMs, values }) =>
      values.map((value) =>
        [isoUtc(issuedAtMs), isoUtc(value.startMs), value.pointMw, ...value.quantilesMw].join(','),
      ),
    );
    const levels = quantileLevels.map((level) => `q${level}`);
    const head = ['issued_at', 'valid_at', 'forecast_mw', ...levels].join(',');
    await writeFile(join(folder, 'truth.csv'), ['timestamp,load_mw', ...truth].join('\n'));
    await writeFile(join(folder, 'forecasts.csv'), [head, ...rows].join('\n'));
    const judge = resolve(import.meta.dirname, '../../tools/judge.py');
    const child = spawnSync(
      'python3',
      [judge, '--truth', 'truth.csv', '--forecasts', 'forecasts.csv', '--zone', zone].concat([
        '--year',
        '2023',
        '--json',
      ]),
      { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 24, timeout: 50_000 },
    );
    if (child.status !== 0) throw new Error(`judge.py failed: ${child.stderr}`);
    judged = JSON.parse(child.stdout);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('have the same origins', () => {
    expect(judged.checks.whole).toBe(true);
    expect(judged.checks.origins_missing).toBe(0);
    expect(forecasts.length).toBe(363);
  });

  it('agree on point and quantile figures, all hours and each lead day', () => {
    const ours = accuracyByLead(forecasts, load, blendColumn);
    for (const key of ['all', 'day1', 'day2', 'day3'] as const) {
      const theirs = present(judged.project[key]);
      const figures = ours[key];
      expect(figures.n).toBe(theirs.n);
      // The judge rounds to five digits.
      expect(figures.mape).toBeCloseTo(theirs.mape, 4);
      expect(figures.mae).toBeCloseTo(theirs.mae, 4);
      expect(figures.rmse).toBeCloseTo(theirs.rmse, 4);
      expect(figures.bias).toBeCloseTo(theirs.bias, 4);
      expect(figures.r2).toBeCloseTo(theirs.r2, 4);
      expect(100 * figures.nmae).toBeCloseTo(theirs.nmae, 4);
      expect(figures.pinballPct).toBeCloseTo(theirs.quantiles.mean_pinball_pct_of_mean_load, 4);
      const band = present(theirs.quantiles.intervals['q0.1..q0.9']);
      expect(figures.coverage1090).toBeCloseTo(100 * band.coverage, 2);
      expect(figures.widthPct).toBeCloseTo(band.mean_width_pct_of_mean_load, 4);
    }
  });

  it('agree on direction and peaks', () => {
    const ours = trendConsistency(forecasts, load, zone).byLead.all.forecast;
    const { direction, peak } = judged.project.trend;
    expect(ours.directionN).toBe(direction.steps_outside_band);
    expect(ours.directionPct).toBeCloseTo(100 * direction.accuracy, 2);
    expect(ours.days).toBe(peak['days']);
    expect(ours.peakHourExactPct).toBeCloseTo(100 * present(peak['hour_hit_exact']), 2);
    expect(ours.peakHourWithin1Pct).toBeCloseTo(100 * present(peak['hour_hit_within_1h']), 2);
    expect(ours.peakSizeErrorPct).toBeCloseTo(present(peak['peak_mape']), 4);
  });
});
