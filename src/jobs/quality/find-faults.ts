import type { History } from '../../core/history.js';
import type { FaultKind } from '../../core/load-mark.js';
import { hourMs } from '../../core/time.js';
import { buildCalendar } from '../../features/calendar.js';
import { screenLoad, suspectKinds, suspectReasons } from '../../features/screen-load.js';

export interface LoadFault {
  readonly kind: FaultKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason: string;
}

/** What looks wrong in the loads of a history, ascending by start. */
export function findFaults({ place, load }: History): LoadFault[] {
  const calendar = buildCalendar(place, load.startMs, load.values.length);
  const suspect = screenLoad(load.values, calendar);
  const faults: LoadFault[] = [];
  for (let from = 0; from < suspect.length;) {
    const reason = suspect[from] ?? 0;
    let to = from + 1;
    while (to < suspect.length && suspect[to] === reason) to++;
    const kind = suspectKinds[reason];
    if (kind)
      faults.push({
        kind,
        startMs: load.startMs + from * hourMs,
        endMs: load.startMs + to * hourMs,
        reason: suspectReasons[reason] ?? '',
      });
    from = to;
  }
  return faults;
}
