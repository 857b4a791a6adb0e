import { endMs, sliceHours } from '../../src/core/hourly.js';
import { loadScaleOf } from '../../src/core/load-scale.js';
import { hourMs } from '../../src/core/time.js';
import {
  bandChoices,
  errorQuantiles,
  type BandChoices,
} from '../../src/ensemble/error-quantiles.js';
import { scorePastForecasts } from '../../src/ensemble/past-forecast.js';
import { accuracyOf } from '../../src/evaluate/breakdown.js';
import { trackRecord } from '../../src/forecast/track-record.js';
import { scoredHours, type StoredYear } from './stored-year.js';

/** What the quantiles of the blend would be with other choices. */
export interface BandFigures {
  readonly name: string;
  readonly pinballPct: number;
  readonly coverage1090: number;
  readonly widthPct: number;
}

/** The first forecasts have no errors to learn from, as the runs behind them are not stored. */
const learningForecasts = 60;

const alternatives: readonly { readonly name: string; readonly choices: BandChoices }[] = [
  { name: 'as they are', choices: bandChoices },
  { name: 'without the members’ spread', choices: { ...bandChoices, bySpread: false } },
  {
    name: 'all errors alike',
    choices: { ...bandChoices, halfLifeForecasts: Number.POSITIVE_INFINITY },
  },
  { name: 'the whole usual error carried on', choices: { ...bandChoices, keptBias: 1 } },
  { name: 'none of it', choices: { ...bandChoices, keptBias: 0 } },
  {
    name: 'none of the three',
    choices: { halfLifeForecasts: Number.POSITIVE_INFINITY, bySpread: false, keptBias: 1 },
  },
];

export function bandFigures(year: StoredYear): BandFigures[] {
  const { forecasts, history, run } = year;
  const scale = loadScaleOf(history.load.values);
  const delayMs = run.procedure === 'midnight' ? 0 : hourMs;
  const pasts = forecasts.map(({ issuedAtMs }, i) => {
    const untilMs = Math.min(endMs(history.load), issuedAtMs - delayMs);
    const known = sliceHours(history.load, history.load.startMs, untilMs);
    return scorePastForecasts(
      trackRecord([], forecasts.slice(Math.max(0, i - 220), i), issuedAtMs),
      known,
    );
  });
  return alternatives.map(({ name, choices }) => {
    const quantilesMw = forecasts.map((forecast, i) =>
      errorQuantiles(forecast, pasts[i]!, scale, choices),
    );
    const pointsMw = forecasts.map((forecast) => forecast.blendMw);
    const hours = scoredHours(year, { pointsMw, quantilesMw }).slice(learningForecasts);
    const { pinballPct, coverage1090, widthPct } = accuracyOf(hours.flat());
    return { name, pinballPct, coverage1090, widthPct };
  });
}
