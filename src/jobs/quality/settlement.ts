import { endMs, valueAt } from '../../core/hourly.js';
import { hourPhaseMs, hourMs } from '../../core/time.js';
import { hourlyMeans } from '../../ingest/hourly-means.js';
import type { Series, Store } from '../../store/store.js';

/** What is settled of a series, and how far that lies from what was known before. */
export interface SettlementSummary {
  readonly hours: number;
  readonly firstMs: number;
  readonly endMs: number;
  /** hours that both are known of */
  readonly comparedHours: number;
  /** mean of settled minus operational, and of its size, in % of the mean settled load; null if none is compared */
  readonly biasPct: number | null;
  readonly differencePct: number | null;
}

/** @returns null where nothing is settled */
export async function settlementOf(
  store: Store,
  { id, place }: Series,
): Promise<SettlementSummary | null> {
  const span = await store.loadSpan(id);
  if (!span) return null;
  const phaseMs = hourPhaseMs(place.zone, span.firstMs);
  const of = async (stage: 'operational' | 'settlement') => {
    const readings = await store.readLoad(id, { stage, hourPhaseMs: phaseMs });
    return hourlyMeans(readings, phaseMs).hourly;
  };
  const settled = await of('settlement');
  const hours = settled.values.filter(Number.isFinite).length;
  if (hours === 0) return null;
  const operational = await of('operational');
  let comparedHours = 0;
  let [bias, difference, level] = [0, 0, 0];
  for (const [i, mw] of settled.values.entries()) {
    const before = valueAt(operational, settled.startMs + i * hourMs);
    if (!Number.isFinite(mw - before)) continue;
    comparedHours++;
    bias += mw - before;
    difference += Math.abs(mw - before);
    level += Math.abs(mw);
  }
  const pct = (sum: number): number | null => (level > 0 ? (100 * sum) / level : null);
  return {
    hours,
    firstMs: settled.startMs,
    endMs: endMs(settled),
    comparedHours,
    biasPct: pct(bias),
    differencePct: pct(difference),
  };
}
