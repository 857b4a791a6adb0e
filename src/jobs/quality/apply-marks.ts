import type { Screening } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import { faultKinds, type LoadMark } from '../../core/load-mark.js';
import { hourMs } from '../../core/time.js';
import type { QualityPolicy } from '../../ingest/quality-policy.js';

/** Longer stretches are never learned from as if they had been measured. */
const longestImputedHours = 6;

/** The loads without the hours that marks take away; a short stretch to be imputed has its substitutes. */
export function withoutMarked(
  load: HourlySeries,
  marks: readonly Pick<LoadMark, 'treatment' | 'values'>[],
): HourlySeries {
  if (marks.every((mark) => mark.values.length === 0)) return load;
  const values = load.values.slice();
  for (const mark of marks) {
    const imputed = mark.treatment === 'impute' && mark.values.length <= longestImputedHours;
    for (const { startMs, substituteMw } of mark.values) {
      const i = Math.round((startMs - load.startMs) / hourMs);
      if (i >= 0 && i < values.length)
        values[i] = imputed ? (substituteMw ?? Number.NaN) : Number.NaN;
    }
  }
  return { startMs: load.startMs, values };
}

/** What the screening before each forecast has to leave alone. */
export function screeningOf(policy: QualityPolicy, marks: readonly LoadMark[]): Screening {
  return {
    ignored: faultKinds.filter((kind) => policy[kind] === 'keep' || policy[kind] === 'mark'),
    trusted: marks
      .filter(({ treatment, madeBy }) => madeBy === 'person' && treatment === 'keep')
      .map(({ startMs, endMs }) => ({ startMs, endMs })),
  };
}
