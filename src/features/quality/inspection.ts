import type { LoadFinding } from '../../core/load-finding.js';
import type { Place } from '../../core/history.js';
import { hourMs } from '../../core/time.js';
import { holidayRows } from './holiday-rows.js';
import { rowsOf, type LoadGrid } from './load-grid.js';
import { loadScale, toScale, type LoadScale } from './inspection-scale.js';

/** Rows `[from, to)` of a grid and what is wrong with them. */
export interface RowFinding extends Pick<LoadFinding, 'kind' | 'reason'> {
  readonly from: number;
  readonly to: number;
  readonly factor?: number;
  readonly lateHours?: number;
}

/** A grid under inspection: what one look finds is believed no more by the next. */
export interface Inspection {
  readonly grid: LoadGrid;
  readonly scale: LoadScale;
  readonly place: Place;
  /** 1 on a public holiday */
  readonly holiday: Uint8Array;
  /** load on the scale, NaN = missing or not believed */
  readonly levels: Float64Array;
}

export function openInspection(grid: LoadGrid, place: Place): Inspection {
  const scale = loadScale(grid.values, rowsOf(grid, 24));
  const holiday = holidayRows(grid, place);
  return { grid, scale, place, holiday, levels: toScale(grid.values, scale) };
}

export function disbelieve({ levels }: Inspection, findings: readonly RowFinding[]): void {
  for (const { from, to } of findings) levels.fill(Number.NaN, from, to);
}

/** `6 h`, `3 d`, `45 min`. */
export function duration(grid: Pick<LoadGrid, 'stepMs'>, rows: number): string {
  const hours = (rows * grid.stepMs) / hourMs;
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours >= 72 ? `${rounded(hours / 24)} d` : `${rounded(hours)} h`;
}

/** Number for a reader: three digits that tell. */
export function rounded(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}

/** `25 % above` for a difference on the scale. */
export function aboveOrBelow({ kind, unitMw }: LoadScale, difference: number): string {
  const side = difference > 0 ? 'above' : 'below';
  if (kind === 'range') return `${rounded(Math.abs(difference) * unitMw)} MW ${side}`;
  const ratio = Math.exp(difference);
  if (ratio > 3) return `${rounded(ratio)} times`;
  return `${rounded(100 * Math.abs(ratio - 1))} % ${side}`;
}
