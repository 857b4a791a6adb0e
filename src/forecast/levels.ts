import type { History } from '../core/history.js';
import type { LevelShift } from '../core/level-shift.js';
import { endMs } from '../core/hourly.js';
import { dayMs, hourMs } from '../core/time.js';
import type { CalendarTable } from '../features/feature-table.js';
import { findLevelShifts } from '../models/level/level-shifts.js';

/** Changes of a load's level, and the instant whose level members are fitted at. */
export interface Levels {
  readonly frameMs: number;
  /** ascending */
  readonly shifts: readonly LevelShift[];
}

/** a shift that a fit came too early to see may lie so many days before its end */
const unseenDays = 30;
/** a shift found anew so near to one that is known is that one */
const sameDays = 10;

/** Levels of what a fit knows, at the end of its load. */
export function levelsOf(history: History, calendar?: CalendarTable): Levels {
  return { frameMs: endMs(history.load), shifts: findLevelShifts(history, calendar) };
}

/** The levels of a fit, with the shifts that have come to be known since. */
export function levelsSince(fit: Levels, known: History, calendar?: CalendarTable): Levels {
  const last = fit.shifts.at(-1)?.startMs ?? Number.NEGATIVE_INFINITY;
  const sinceMs = Math.max(fit.frameMs - unseenDays * dayMs, last + sameDays * dayMs);
  const later = findLevelShifts(atLevel(known, fit), calendar, sinceMs);
  const [first] = later;
  if (!first) return fit;
  return {
    // What a fit came too early to see lies after nearly all that it knew.
    frameMs: Math.min(fit.frameMs, first.startMs - 1),
    shifts: [...fit.shifts, ...later],
  };
}

/** The load as if its level had always been that of the frame; the history itself where it was. */
export function atLevel(history: History, levels: Levels): History {
  if (levels.shifts.length === 0) return history;
  const { startMs, values } = history.load;
  return {
    ...history,
    load: {
      startMs,
      values: values.map((mw, i) => mw / levelFactor(levels, startMs + i * hourMs)),
    },
  };
}

/** Level of an instant over that of the frame. */
export function levelFactor({ frameMs, shifts }: Levels, instantMs: number): number {
  let logRatio = 0;
  for (const shift of shifts) {
    if (shift.startMs > frameMs && shift.startMs <= instantMs) logRatio += shift.logRatio;
    if (shift.startMs <= frameMs && shift.startMs > instantMs) logRatio -= shift.logRatio;
  }
  return logRatio === 0 ? 1 : Math.exp(logRatio);
}
