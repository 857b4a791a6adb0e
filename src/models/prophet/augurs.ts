import { initSync, Prophet, type ProphetOptimizer } from '@bsull/augurs/prophet';
import { augursBytes } from '../augurs-bytes.js';
import type { Term } from './terms.js';
import type { Seasonality } from './terms.js';

/** A log load that Prophet is to be fitted to, rows in order of time. */
export interface ProphetInput {
  /** local wall clock as if UTC, ms, strictly ascending, shape (T,) */
  readonly localMs: Float64Array;
  /** shape (T,) */
  readonly y: Float64Array;
  readonly seasonalities: readonly Seasonality[];
  /** index into the day types, shape (T,) */
  readonly dayTypes: Uint8Array;
  /** names of the day types */
  readonly dayTypeNames: readonly string[];
  /** every column; holidays and regressors are handed over, seasonalities built by augurs */
  readonly terms: readonly Term[];
  readonly changepoints: number;
  readonly changepointPriorScale: number;
}

let loaded = false;

/**
 * Fits augurs' Prophet by the optimizer given.
 * @returns the fitted instance; call `free()` when done
 */
export function fitProphet(input: ProphetInput, optimizer: ProphetOptimizer): Prophet {
  loadWasm();
  const prophet = new Prophet({
    optimizer,
    nChangepoints: input.changepoints,
    changepointPriorScale: input.changepointPriorScale,
    dailySeasonality: { type: 'manual', enabled: false },
    weeklySeasonality: { type: 'manual', enabled: false },
    yearlySeasonality: { type: 'manual', enabled: false },
    holidays: new Map(
      input.terms
        .filter(isHoliday)
        .map(({ name, priorScale, values }) => [
          name,
          { occurrences: occurrencesOf(input.localMs, values), priorScale },
        ]),
    ),
    uncertaintySamples: 0,
  });
  for (const { name, periodDays, order, dayType } of input.seasonalities) {
    const condition = dayType === null ? {} : { conditionName: input.dayTypeNames[dayType] ?? '' };
    const priorScale = seasonalityScale(input.terms);
    prophet.addSeasonality(name, {
      period: periodDays,
      fourierOrder: order,
      priorScale,
      ...condition,
    });
  }
  for (const { name, priorScale } of input.terms.filter(isRegressor))
    prophet.addRegressor(name, { priorScale, standardize: 'no' });
  const regressors = new Map(
    input.terms.filter(isRegressor).map(({ name, values }) => [name, values]),
  );
  prophet.fit({ ...rowsOf(input), x: regressors, y: input.y });
  return prophet;
}

type Rows = Pick<ProphetInput, 'localMs' | 'dayTypes' | 'dayTypeNames' | 'terms'>;

/** Rows to predict, as augurs takes them. */
export function prophetRows(rows: Rows) {
  const regressors = rows.terms.filter(isRegressor);
  const x = new Map(regressors.map(({ name, values }) => [name, Array.from(values)]));
  return { ...rowsOf(rows), x };
}

function rowsOf({ localMs, dayTypes, dayTypeNames }: Rows) {
  return {
    ds: Array.from(localMs, toSeconds),
    seasonalityConditions: new Map(
      dayTypeNames.map((name, type) => [name, rowsOfType(dayTypes, type)]),
    ),
  };
}

function loadWasm(): void {
  if (loaded) return;
  initSync({ module: augursBytes('prophet') });
  loaded = true;
}

function rowsOfType(dayTypes: Uint8Array, type: number): boolean[] {
  const holds = Array<boolean>(dayTypes.length).fill(false);
  for (let i = 0; i < holds.length; i++) holds[i] = dayTypes[i] === type;
  return holds;
}

/** augurs takes milliseconds silently for seconds. */
function toSeconds(localMs: number): number {
  const seconds = localMs / 1000;
  if (Math.abs(seconds) > 1e11) throw new RangeError(`${localMs} ms is no instant`);
  return seconds;
}

function isHoliday(term: Term): boolean {
  return term.kind === 'holiday';
}

function isRegressor(term: Term): boolean {
  return term.kind === 'regressor';
}

function seasonalityScale(terms: readonly Term[]): number {
  return terms.find(({ kind }) => kind === 'seasonality')?.priorScale ?? 1;
}

/** Runs of rows where the holiday holds, as `[start, end)` in seconds. */
function occurrencesOf(localMs: Float64Array, holds: Float64Array) {
  const occurrences: { start: number; end: number }[] = [];
  for (let from = 0; from < holds.length; from++) {
    if (holds[from] !== 1) continue;
    let last = from;
    while (holds[last + 1] === 1) last++;
    occurrences.push({
      start: toSeconds(localMs[from]!),
      end: toSeconds(localMs[last]!) + 1,
    });
    from = last;
  }
  return occurrences;
}
