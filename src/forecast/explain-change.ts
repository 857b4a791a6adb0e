import { hourMs } from '../core/time.js';
import type { FeatureTable } from '../features/feature-table.js';
import { blendsOf } from './blend-tables.js';
import { issueInputs, type IssueParts } from './issue-forecast.js';
import { coalitions, shapley } from './shapley.js';

export const changeGroups = ['weather', 'load', 'models'] as const;
export type ChangeGroup = (typeof changeGroups)[number];

/** Why a forecast says something else than the one before it, for the hours that both have, MW. */
export interface ExplainedChange {
  /** start of the first of those hours */
  readonly startMs: number;
  /** the earlier forecast */
  readonly earlierMw: Float64Array;
  /** sum with `earlierMw` to `laterMw` */
  readonly partsMw: Readonly<Record<ChangeGroup, Float64Array>>;
  readonly laterMw: Float64Array;
}

/**
 * Shapley values of what is new between two forecasts: temperatures, loads with the issue time that goes with them, and
 * models with their weights; 8 runs of the blend.
 * @returns null where one of them has no blend, or they share no hour or are of different lengths
 */
export function explainChange(earlier: IssueParts, later: IssueParts): ExplainedChange | null {
  const startMs = later.known.issuedAtMs;
  const horizonHours = later.pointMw.length;
  if (earlier.pointMw.length !== horizonHours) return null;
  const shared = (earlier.known.issuedAtMs - startMs) / hourMs + horizonHours;
  if (shared <= 0 || shared > horizonHours || !earlier.table || !later.table) return null;
  const cases = coalitions(changeGroups).map((isNew) => {
    const knows = isNew.includes('load') ? later : earlier;
    const weather = isNew.includes('weather') ? later : earlier;
    return {
      models: isNew.includes('models') ? later : earlier,
      table: tableOf(knows, weather),
      fromLead: knows === later ? 0 : horizonHours - shared,
    };
  });
  const values: Float64Array[] = [];
  for (const models of [earlier, later]) {
    const own = cases.filter((each) => each.models === models);
    const tables = own.flatMap(({ table }) => (table ? [table] : []));
    const { blends } = blendsOf(models.known.bundle?.fitted ?? [], models, tables);
    if (blends.length < own.length) return null;
    for (const [i, each] of own.entries())
      values[cases.indexOf(each)] = blends[i]!.subarray(each.fromLead, each.fromLead + shared);
  }
  const [weather, load, models] = shapley(changeGroups.length, values);
  return {
    startMs,
    earlierMw: values[0]!.slice(),
    partsMw: { weather: weather!, load: load!, models: models! },
    laterMw: values.at(-1)!.slice(),
  };
}

/** What one forecast knows of the load, with the weather that the other knows. */
function tableOf(knows: IssueParts, weather: IssueParts): FeatureTable | null {
  if (knows === weather) return knows.table;
  const { temperature, extras } = weather.options.history;
  const history = { ...knows.options.history, temperature, ...(extras ? { extras } : {}) };
  return issueInputs({ ...knows.options, history }).table;
}
