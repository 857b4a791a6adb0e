import type { LoadFinding } from '../../src/core/load-finding.js';
import { warningKinds } from '../../src/core/load-mark.js';
import { createRandom } from '../../src/core/random.js';
import { dayMs } from '../../src/core/time.js';
import { inspectLoad } from '../../src/features/quality/inspect-load.js';
import { loadFaultClasses, patientOf, type LoadFaultClass, type Spoilt } from './load-faults.js';
import { toInspect, type LoadSeries } from './load-series.js';

export interface FoundShare {
  readonly name: string;
  readonly faults: number;
  readonly found: number;
  /** told, but as another kind */
  readonly mislabelled: number;
}

/** Rows near the ends are spared: what came before and after is in view, as in a whole series. */
const sparedDays = 35;

/**
 * Puts seeded faults of every class into the rows of one part of a series and looks for them with all of it in view.
 * @param part instants `[fromMs, toMs)` in which faults lie
 */
export function findInjected(
  series: LoadSeries,
  part: { readonly fromMs: number; readonly toMs: number },
  placements: number,
  seed: number,
): FoundShare[] {
  const stepMs = series.minutes * 60_000;
  const sparedRows = (sparedDays * dayMs) / stepMs;
  const rowAt = (ms: number): number => Math.round((ms - series.startMs) / stepMs);
  const from = Math.max(sparedRows, rowAt(part.fromMs));
  const to = Math.min(series.values.length - sparedRows, rowAt(part.toMs));
  const known = inspectLoad(...inspected(series, series.values));
  return loadFaultClasses.map((fault) => {
    const share = { name: fault.name, faults: 0, found: 0, mislabelled: 0 };
    for (let run = 0; share.faults < placements && run < placements; run++) {
      const random = createRandom('load fault', seed, series.name, fault.name, run, from);
      const patient = patientOf(series, random, from, to);
      const spoilt = putFaults(fault, patient);
      const findings = inspectLoad(...inspected(series, patient.values)).filter(
        (finding) => !known.some((each) => isSameFinding(each, finding)),
      );
      for (const each of spoilt) {
        share.faults++;
        const told = findings.filter((finding) => tells(finding, each, fault, series));
        if (told.some(({ kind }) => fault.kinds.includes(kind))) share.found++;
        else if (told.length > 0) share.mislabelled++;
      }
    }
    return share;
  });
}

/** Findings on the untouched series that begin in the part, by kind. */
export function falseAlarms(
  series: LoadSeries,
  part: { readonly fromMs: number; readonly toMs: number },
): LoadFinding[] {
  return inspectLoad(...inspected(series, series.values)).filter(
    ({ startMs }) => startMs >= part.fromMs && startMs < part.toMs,
  );
}

function inspected(series: LoadSeries, values: Float64Array): Parameters<typeof inspectLoad> {
  const { history, readings } = toInspect(series, values);
  return [history, readings];
}

/** Several in one series lie each in a part of its own. */
function putFaults(fault: LoadFaultClass, patient: ReturnType<typeof patientOf>): Spoilt[] {
  const rows = Math.floor((patient.to - patient.from) / fault.each);
  const room = Math.min(rows / 2, 30 * (dayMs / patient.stepMs));
  return Array.from({ length: fault.each }, (_, i) => {
    const row = patient.from + i * rows + patient.random.integer(Math.max(1, rows - room));
    return fault.put(patient, row);
  }).filter((spoilt) => spoilt !== null);
}

function isSameFinding(a: LoadFinding, b: LoadFinding): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs && a.reason === b.reason;
}

/** Covers half of the fault's rows, or begins within three days of one that lasts. */
function tells(
  finding: LoadFinding,
  { from, to }: Spoilt,
  fault: LoadFaultClass,
  series: LoadSeries,
): boolean {
  const stepMs = series.minutes * 60_000;
  const fromMs = series.startMs + from * stepMs;
  const toMs = series.startMs + to * stepMs;
  if (fault.lasts) {
    // Told of the earlier part instead, it ends where the fault begins.
    return [finding.startMs, finding.endMs].some((ms) => Math.abs(ms - fromMs) <= 3 * dayMs);
  }
  const common = Math.min(toMs, finding.endMs) - Math.max(fromMs, finding.startMs);
  if (common < 0.5 * (toMs - fromMs)) return false;
  return (
    warningKinds.has(finding.kind) || finding.endMs - finding.startMs < 4 * (toMs - fromMs) + dayMs
  );
}
