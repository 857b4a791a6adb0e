import type { Place } from '../../core/history.js';
import { hourMs } from '../../core/time.js';
import { buildCalendar } from '../calendar.js';
import type { LoadGrid } from './load-grid.js';

/** 1 in the rows of hours that are a holiday in some part of the load area. */
export function holidayRows({ startMs, stepMs, values }: LoadGrid, place: Place): Uint8Array {
  const hours = Math.ceil((values.length * stepMs) / hourMs);
  const { holiday } = buildCalendar(place, startMs, hours);
  return Uint8Array.from(values, (_, row) =>
    holiday[Math.floor((row * stepMs) / hourMs)]! > 0 ? 1 : 0,
  );
}
