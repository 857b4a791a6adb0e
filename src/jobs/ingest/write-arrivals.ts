import { endOfReading, type Reading } from '../../core/reading.js';
import { hourMs } from '../../core/time.js';
import type { ReadingSpan, Reception, WriteCounts } from '../../store/store.js';
import { addCounts } from '../../store/versions.js';

/** a new value of an interval that ended longer ago was not received now but is history, known after the usual delay */
const historyHours = 48;

/**
 * Writes readings of a live series, each as known from when it arrived.
 * @param write stores some of them
 * @param known what was stored before: a hole in it that is filled now was not known before
 */
export async function writeArrivals(
  write: (readings: readonly Reading[], reception: Reception) => Promise<WriteCounts>,
  readings: readonly Reading[],
  known: ReadingSpan | null,
  atMs: number,
): Promise<WriteCounts> {
  const isHistory = (reading: Reading): boolean =>
    endOfReading(reading) < atMs - historyHours * hourMs &&
    !(known && reading.startMs >= known.firstMs && reading.startMs <= known.lastMs);
  const history = await write(readings.filter(isHistory), { kind: 'assumed', writtenAtMs: atMs });
  const arrived = readings.filter((reading) => !isHistory(reading));
  return addCounts(history, await write(arrived, { kind: 'received', atMs }));
}
