import { isLoadEvent } from '../core/calendar-entry.js';
import type { Place } from '../core/history.js';
import { dayMs } from '../core/time.js';
import { parseHolidayRegions } from './holiday-regions.js';
import { regionDays } from './region-days.js';

/**
 * Share of the load area that has each holiday, by its name. Where two hold at once in a region, the one that was
 * added counts, else the first.
 * @param localMs local wall clock of the hours, as if UTC, ascending, shape (rows,)
 * @returns only the names that occur; each of shape (rows,), 0–1
 */
export function holidaySharesByName(
  place: Place,
  localMs: Float64Array,
): ReadonlyMap<string, Float64Array> {
  const names = new Map<string, Float64Array>();
  if (localMs.length === 0) return names;
  const span = { startLocalMs: localMs[0]!, endLocalMs: localMs.at(-1)! };
  const entries = (place.entries ?? []).filter((entry) => !isLoadEvent(entry));
  for (const { region, share } of parseHolidayRegions(place.holidayRegion)) {
    const days = regionDays(region, place.zone, entries, span);
    for (const [row, local] of localMs.entries()) {
      const holiday = days
        .holidaysOf(Math.floor(local / dayMs))
        .find(({ startLocalMs, endLocalMs }) => local >= startLocalMs && local < endLocalMs);
      if (!holiday) continue;
      const shares = names.get(holiday.name) ?? new Float64Array(localMs.length);
      shares[row]! += share * holiday.share;
      names.set(holiday.name, shares);
    }
  }
  return names;
}
