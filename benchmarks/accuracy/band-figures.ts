import { loadScaleOf } from '../../src/core/load-scale.js';
import {
  bandChoices,
  errorQuantiles,
  type BandChoices,
} from '../../src/ensemble/error-quantiles.js';
import { accuracyOf } from '../../src/evaluate/breakdown.js';
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
  const { forecasts, history, pasts } = year;
  const scale = loadScaleOf(history.load.values);
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
